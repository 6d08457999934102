ALTER TABLE "user" DROP COLUMN server_groups;
