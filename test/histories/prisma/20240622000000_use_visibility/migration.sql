BEGIN;
UPDATE "Post" SET "visibility" = 'UNLISTED' WHERE "title" LIKE '%;%';
-- AlterTable
ALTER TABLE "Post" ALTER COLUMN "visibility" SET DEFAULT 'FRIENDS';
COMMIT;
