//! From a solution to a changed root: ordered changes, staging, commit, journal, recovery (install).
