//! Passwords, tokens, sessions and `Allowed<P>`; never knows routes.
