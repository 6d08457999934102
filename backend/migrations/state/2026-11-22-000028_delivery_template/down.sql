ALTER TABLE delivery DROP COLUMN template_id;
