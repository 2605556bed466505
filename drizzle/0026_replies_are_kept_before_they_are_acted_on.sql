ALTER TABLE "inbound_messages" ADD COLUMN "applied_at" timestamp with time zone DEFAULT now();--> statement-breakpoint
CREATE INDEX "inbound_messages_to_apply" ON "inbound_messages" USING btree ("received_at") WHERE "inbound_messages"."applied_at" is null;--> statement-breakpoint
CREATE INDEX "customers_by_mailbox" ON "customers" USING btree (lower("email")) WHERE "customers"."email" is not null;--> statement-breakpoint
CREATE INDEX "message_attempts_by_provider_id" ON "message_attempts" USING btree ("provider_id") WHERE "message_attempts"."provider_id" is not null;--> statement-breakpoint
CREATE INDEX "messages_ordered_again" ON "messages" USING btree ("id") WHERE "messages"."state" = 'planned' and "messages"."resends" > 0;--> statement-breakpoint
CREATE INDEX "messages_by_mailbox" ON "messages" USING btree (lower("address"),"claimed_at") WHERE "messages"."channel" = 'email';