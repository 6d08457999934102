ALTER TABLE template_version DROP COLUMN languages;
ALTER TABLE template DROP COLUMN languages;
