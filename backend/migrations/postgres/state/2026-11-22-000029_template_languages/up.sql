-- What a template says to people of other languages, as JSON by BCP 47 name.
ALTER TABLE template ADD COLUMN languages TEXT NOT NULL DEFAULT '{}';
ALTER TABLE template_version ADD COLUMN languages TEXT NOT NULL DEFAULT '{}';
