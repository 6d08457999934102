DROP TABLE decision;
DROP TABLE rule_version;
