DROP TABLE aggregate;
