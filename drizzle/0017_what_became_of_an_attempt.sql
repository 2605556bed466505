ALTER TABLE "messages" ADD COLUMN "provider" text;--> statement-breakpoint
ALTER TABLE "messages" ADD COLUMN "provider_status" text;--> statement-breakpoint
ALTER TABLE "messages" ADD COLUMN "error_code" text;--> statement-breakpoint
ALTER TABLE "messages" ADD COLUMN "settled_by" text;--> statement-breakpoint
ALTER TABLE "messages" ADD COLUMN "resends" integer DEFAULT 0 NOT NULL;