//! What is installed in a root: packages, files and their owners, world, scripts, triggers; loaded whole, saved atomically (formats, sections 6 and 7; install, sections 1 and 4).
