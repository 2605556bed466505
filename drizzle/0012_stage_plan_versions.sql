CREATE TABLE "rollouts" (
	"id" uuid PRIMARY KEY NOT NULL,
	"plan_version" integer NOT NULL,
	"state" text NOT NULL,
	"nudges_per_second" integer NOT NULL,
	"total" integer DEFAULT 0 NOT NULL,
	"looked" integer DEFAULT 0 NOT NULL,
	"followed" integer DEFAULT 0 NOT NULL,
	"nudged" integer DEFAULT 0 NOT NULL,
	"cursor" text DEFAULT '' NOT NULL,
	"started_by" text NOT NULL,
	"started_at" timestamp with time zone NOT NULL,
	"paused_by" text,
	"finished_at" timestamp with time zone
);
--> statement-breakpoint
ALTER TABLE "stage_plans" ADD COLUMN "branch_id" text;--> statement-breakpoint
ALTER TABLE "stage_plans" ADD COLUMN "segment" text;--> statement-breakpoint
ALTER TABLE "stage_plans" ADD COLUMN "in_force" boolean DEFAULT false NOT NULL;--> statement-breakpoint
ALTER TABLE "stage_plans" ADD COLUMN "follows_wider" boolean DEFAULT false NOT NULL;--> statement-breakpoint
ALTER TABLE "stage_plans" ADD COLUMN "note" text;--> statement-breakpoint
ALTER TABLE "stage_plans" ADD COLUMN "created_by" text;--> statement-breakpoint
ALTER TABLE "stage_plans" ADD COLUMN "published_by" text;--> statement-breakpoint
ALTER TABLE "renewals" ADD COLUMN "armed_plan_version" integer DEFAULT 0 NOT NULL;--> statement-breakpoint
ALTER TABLE "rollouts" ADD CONSTRAINT "rollouts_plan_version_stage_plans_version_fk" FOREIGN KEY ("plan_version") REFERENCES "public"."stage_plans"("version") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
CREATE INDEX "rollouts_by_plan" ON "rollouts" USING btree ("plan_version");--> statement-breakpoint
ALTER TABLE "stage_plans" ADD CONSTRAINT "stage_plans_branch_id_branches_id_fk" FOREIGN KEY ("branch_id") REFERENCES "public"."branches"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
CREATE INDEX "stage_plans_in_force" ON "stage_plans" USING btree ("version") WHERE "stage_plans"."in_force";--> statement-breakpoint
UPDATE "stage_plans" SET "in_force" = true WHERE "version" = (SELECT max("version") FROM "stage_plans" WHERE "state" = 'published');--> statement-breakpoint
UPDATE "renewals" SET "armed_plan_version" = "plan_version";--> statement-breakpoint
-- The version of the plan that a case of this branch and segment follows: its nearest branch's own first, else its segment's, else
-- the default one. With a candidate: as it would be if that draft were published.
CREATE FUNCTION plan_in_force(of_branch text, of_segment text, candidate integer DEFAULT NULL) RETURNS integer
LANGUAGE sql STABLE AS $$
  WITH RECURSIVE above(id, distance) AS (
    SELECT of_branch, 0
    UNION ALL
    SELECT b.parent_id, distance + 1 FROM above JOIN branches b ON b.id = above.id WHERE b.parent_id IS NOT NULL AND distance < 32
  ), offered AS (
    SELECT p.version, p.branch_id, p.segment FROM stage_plans p
    WHERE p.in_force AND p.version IS DISTINCT FROM candidate AND NOT EXISTS (
      SELECT 1 FROM stage_plans c WHERE c.version = candidate
        AND c.branch_id IS NOT DISTINCT FROM p.branch_id AND c.segment IS NOT DISTINCT FROM p.segment)
    UNION ALL
    SELECT c.version, c.branch_id, c.segment FROM stage_plans c WHERE c.version = candidate AND NOT c.follows_wider
  )
  SELECT o.version FROM offered o LEFT JOIN above ON above.id = o.branch_id
  WHERE (o.branch_id IS NULL OR above.id IS NOT NULL) AND (o.segment IS NULL OR o.segment = of_segment)
  ORDER BY above.distance NULLS LAST, o.segment NULLS LAST, o.version DESC LIMIT 1
$$;--> statement-breakpoint
CREATE FUNCTION keep_published_plan() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF OLD.state = 'published' AND (TG_OP = 'DELETE' OR (NEW.state, NEW.content, NEW.branch_id, NEW.segment, NEW.follows_wider)
    IS DISTINCT FROM (OLD.state, OLD.content, OLD.branch_id, OLD.segment, OLD.follows_wider)) THEN
    RAISE EXCEPTION 'stage plan % is published and never changes', OLD.version;
  END IF;
  RETURN coalesce(NEW, OLD);
END $$;--> statement-breakpoint
CREATE TRIGGER stage_plans_never_change BEFORE UPDATE OR DELETE ON "stage_plans" FOR EACH ROW EXECUTE FUNCTION keep_published_plan();
