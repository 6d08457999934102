-- Of two frames of one server and moment the later one stands above the earlier, value by value, as
-- samples that are read back from them always did.
ALTER TABLE frame DROP CONSTRAINT frame_server_at_key;
