CREATE TABLE "provider_paces" (
	"provider" text PRIMARY KEY NOT NULL,
	"next_at" timestamp with time zone NOT NULL
);
--> statement-breakpoint
ALTER TABLE "messages" ADD COLUMN "refused_by" text[] DEFAULT '{}' NOT NULL;