//! The command line: options, one file per command, and what it prints.
