DROP TABLE setting;
DROP TABLE session;
DROP TABLE "user";
