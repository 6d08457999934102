//! The only place with SQL: one writer a file, read-only readers; never knows a wire or a page.
