ALTER TABLE "renewals" ADD COLUMN "hold_revision" integer DEFAULT 0 NOT NULL;--> statement-breakpoint
ALTER TABLE "renewals" ADD COLUMN "told_hold_revision" integer DEFAULT 0 NOT NULL;--> statement-breakpoint
CREATE INDEX "renewals_behind_their_hold" ON "renewals" USING btree ("id") WHERE "renewals"."outcome" is null and "renewals"."hold_revision" <> "renewals"."told_hold_revision";