DROP TABLE notification_preference;
DROP TABLE escalation;
DROP TABLE notice_group;
DROP TABLE notice;
