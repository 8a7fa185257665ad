//! Scripts, triggers and commit hooks: which run, with which arguments, and running them inside a root (install, sections 5 to 7).
