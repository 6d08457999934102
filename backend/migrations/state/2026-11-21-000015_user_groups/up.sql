-- Names of server groups, as JSON: all that the person sees. None: all servers.
ALTER TABLE user ADD COLUMN server_groups TEXT NOT NULL DEFAULT '[]';
