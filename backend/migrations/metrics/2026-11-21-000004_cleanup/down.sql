DROP TABLE cleanup;
