DROP TABLE forward;
