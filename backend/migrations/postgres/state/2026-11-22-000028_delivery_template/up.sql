-- The template of the channel at the last attempt; null: the usual words.
ALTER TABLE delivery ADD COLUMN template_id BYTEA CHECK (length(template_id) = 16);
