CREATE TABLE "core_notices" (
	"key" text PRIMARY KEY NOT NULL,
	"content" jsonb NOT NULL,
	"taken_at" timestamp with time zone NOT NULL
);
--> statement-breakpoint
ALTER TABLE "policies" ADD COLUMN "expires_on_overruled" date;--> statement-breakpoint
ALTER TABLE "renewals" ADD COLUMN "grace_from" date;--> statement-breakpoint
ALTER TABLE "renewals" ADD COLUMN "reopened_at" timestamp with time zone;--> statement-breakpoint
CREATE INDEX "contact_results_by_new_number" ON "contact_results" USING btree ("new_policy_number") WHERE "contact_results"."new_policy_number" is not null;--> statement-breakpoint
CREATE INDEX "renewals_by_new_number" ON "renewals" USING btree ("new_policy_number") WHERE "renewals"."new_policy_number" is not null;