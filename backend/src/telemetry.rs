//! The own log: text or JSON, fields and request ids; never metrics of servers.
