CREATE TABLE "staff_message_settlements" (
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
ALTER TABLE "staff_messages" ADD COLUMN "error_code" text;--> statement-breakpoint
ALTER TABLE "staff_messages" ADD COLUMN "settled_by" text;--> statement-breakpoint
ALTER TABLE "suppressed_addresses" ADD COLUMN "lifted_at" timestamp with time zone;--> statement-breakpoint
ALTER TABLE "suppressed_addresses" ADD COLUMN "lifted_by" text;--> statement-breakpoint
ALTER TABLE "suppressed_addresses" ADD COLUMN "lift_reason" text;--> statement-breakpoint
ALTER TABLE "staff_message_settlements" ADD CONSTRAINT "staff_message_settlements_message_id_staff_messages_id_fk" FOREIGN KEY ("message_id") REFERENCES "public"."staff_messages"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
CREATE INDEX "staff_message_settlements_by_message" ON "staff_message_settlements" USING btree ("message_id");--> statement-breakpoint
CREATE INDEX "customers_left_alone" ON "customers" USING btree ("do_not_contact_until") WHERE "customers"."do_not_contact_until" is not null;--> statement-breakpoint
CREATE INDEX "suppressed_addresses_by_age" ON "suppressed_addresses" USING btree ("since","id");