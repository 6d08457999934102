DROP TABLE alert_picture;
