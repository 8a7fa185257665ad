//! One open root with its keys, repositories, database and world, and the jobs done on it.
