CREATE TABLE "message_settlements" (
	"id" uuid PRIMARY KEY NOT NULL,
	"message_id" uuid NOT NULL,
	"attempt_id" uuid,
	"settled_as" text NOT NULL,
	"provider_id" text,
	"note" text,
	"settled_by" text NOT NULL,
	"settled_at" timestamp with time zone NOT NULL
);
--> statement-breakpoint
DROP INDEX "messages_by_state";--> statement-breakpoint
ALTER TABLE "sending" ADD COLUMN "changed_by" text;--> statement-breakpoint
ALTER TABLE "sending" ADD COLUMN "changed_at" timestamp with time zone;--> statement-breakpoint
ALTER TABLE "message_settlements" ADD CONSTRAINT "message_settlements_message_id_messages_id_fk" FOREIGN KEY ("message_id") REFERENCES "public"."messages"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
CREATE INDEX "message_settlements_by_message" ON "message_settlements" USING btree ("message_id","settled_at");--> statement-breakpoint
CREATE INDEX "messages_by_age" ON "messages" USING btree ("state",coalesce("claimed_at", "due_at"),"id");--> statement-breakpoint
CREATE INDEX "messages_by_standing" ON "messages" USING btree ("state","channel","provider","reason");