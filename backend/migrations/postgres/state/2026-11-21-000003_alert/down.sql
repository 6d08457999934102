DROP TABLE inbox;
DROP TABLE delivery;
DROP TABLE intent;
DROP TABLE alert_history;
DROP TABLE alert;
DROP TABLE seeded;
DROP TABLE rule;
DROP FUNCTION digest_of;
