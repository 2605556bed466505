ALTER TABLE "concessions" ADD COLUMN "attached_service" text;--> statement-breakpoint
ALTER TABLE "concessions" ADD COLUMN "signed" boolean DEFAULT false NOT NULL;--> statement-breakpoint
ALTER TABLE "concessions" ADD COLUMN "lapsed_reason" text;