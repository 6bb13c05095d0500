-- AlterEnum
-- This migration adds more than one value to an enum.

ALTER TYPE "Visibility" ADD VALUE 'FRIENDS';
ALTER TYPE "Visibility" ADD VALUE 'UNLISTED';
