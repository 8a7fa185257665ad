//! Where packages come from: the repositories files, URLs, fetchers, caches, index loading (formats, sections 5, 7.5 and 8; fetch).
