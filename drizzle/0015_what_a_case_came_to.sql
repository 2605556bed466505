ALTER TABLE "messages" ADD COLUMN "came_to_at" timestamp with time zone;--> statement-breakpoint
ALTER TABLE "renewals" ADD COLUMN "touches_from" timestamp with time zone;