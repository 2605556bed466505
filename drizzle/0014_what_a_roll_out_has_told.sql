ALTER TABLE "renewals" ADD COLUMN "told_plan_version" integer DEFAULT 0 NOT NULL;--> statement-breakpoint
ALTER TABLE "rollouts" ADD COLUMN "progressed_at" timestamp with time zone;