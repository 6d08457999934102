-- Only what is not sealed yet is looked for by its span: an index of all packs grew with the data.
DROP INDEX pack_span;
CREATE INDEX pack_window ON pack (server, first_at) WHERE span = 'window';
