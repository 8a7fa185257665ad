//! Every file system access, beneath a root directory's descriptor; locks; process spawning. The only home of unsafe code.
