ALTER TABLE "tasks" ADD COLUMN "value" numeric(14, 2) DEFAULT '0' NOT NULL;--> statement-breakpoint
CREATE INDEX "tasks_by_fleet" ON "tasks" USING btree ("fleet_id") WHERE "tasks"."fleet_id" is not null;--> statement-breakpoint
update tasks set value = policies.premium from renewals join policies on policies.id = renewals.policy_id
where renewals.id = tasks.renewal_id;
