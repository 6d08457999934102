DROP INDEX delivery_next;
ALTER TABLE delivery DROP COLUMN attempts_before;
