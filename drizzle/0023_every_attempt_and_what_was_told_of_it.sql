CREATE TABLE "message_attempts" (
	"id" uuid PRIMARY KEY NOT NULL,
	"message_id" uuid NOT NULL,
	"resends" integer DEFAULT 0 NOT NULL,
	"provider" text,
	"state" text DEFAULT 'claimed' NOT NULL,
	"reason" text,
	"delivery" text,
	"provider_id" text,
	"provider_status" text,
	"error_code" text,
	"answer" text,
	"settled_by" text,
	"claimed_at" timestamp with time zone NOT NULL,
	"settled_at" timestamp with time zone,
	"tried_at" timestamp with time zone DEFAULT clock_timestamp() NOT NULL,
	"ask_at" timestamp with time zone,
	"asks" integer DEFAULT 0 NOT NULL
);
--> statement-breakpoint
CREATE TABLE "message_receipts" (
	"id" uuid PRIMARY KEY NOT NULL,
	"attempt_id" uuid NOT NULL,
	"provider_id" text NOT NULL,
	"status" text NOT NULL,
	"error_code" text DEFAULT '' NOT NULL,
	"received_at" timestamp with time zone DEFAULT clock_timestamp() NOT NULL,
	"applied_at" timestamp with time zone
);
--> statement-breakpoint
ALTER TABLE "message_attempts" ADD CONSTRAINT "message_attempts_message_id_messages_id_fk" FOREIGN KEY ("message_id") REFERENCES "public"."messages"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "message_receipts" ADD CONSTRAINT "message_receipts_attempt_id_message_attempts_id_fk" FOREIGN KEY ("attempt_id") REFERENCES "public"."message_attempts"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
CREATE INDEX "message_attempts_by_message" ON "message_attempts" USING btree ("message_id","claimed_at");--> statement-breakpoint
CREATE INDEX "message_attempts_to_ask_about" ON "message_attempts" USING btree ("ask_at") WHERE "message_attempts"."ask_at" is not null;--> statement-breakpoint
CREATE UNIQUE INDEX "message_receipts_each_once" ON "message_receipts" USING btree ("attempt_id","provider_id","status","error_code");--> statement-breakpoint
CREATE INDEX "message_receipts_to_apply" ON "message_receipts" USING btree ("received_at") WHERE "message_receipts"."applied_at" is null;--> statement-breakpoint
INSERT INTO "message_attempts" ("id", "message_id", "state", "reason", "provider_id", "answer", "claimed_at", "settled_at", "tried_at", "ask_at")
SELECT "attempt_id", "id", "state", "reason", "provider_id", "answer", coalesce("claimed_at", "due_at"), "settled_at",
	clock_timestamp() - greatest(business_now() - coalesce("claimed_at", "due_at"), interval '0') / (SELECT "speed" FROM "business_clock" WHERE "id" = 1),
	CASE WHEN "state" IN ('claimed', 'unknown') THEN clock_timestamp() + interval '10 minutes' END
FROM "messages" WHERE "attempt_id" IS NOT NULL AND "state" IN ('claimed', 'accepted', 'unknown', 'not-accepted');
