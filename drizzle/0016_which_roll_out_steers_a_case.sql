CREATE INDEX "renewals_behind_their_expiry" ON "renewals" USING btree ("id") WHERE "renewals"."outcome" is null and "renewals"."stage" is not null and "renewals"."second_round_due_at" is null and "renewals"."expiry_revision" <> "renewals"."armed_revision";--> statement-breakpoint
CREATE INDEX "rollouts_going_on" ON "rollouts" USING btree ("state","started_at") WHERE "rollouts"."state" in ('running', 'paused');--> statement-breakpoint
CREATE UNIQUE INDEX "stage_plans_one_in_force" ON "stage_plans" USING btree (coalesce("branch_id", ''),coalesce("segment", '')) WHERE "stage_plans"."in_force";--> statement-breakpoint
ALTER TABLE "stage_plans" ADD CONSTRAINT "stage_plans_published_in_force" CHECK (not "stage_plans"."in_force" or ("stage_plans"."state" = 'published' and not "stage_plans"."follows_wider"));--> statement-breakpoint
-- Whether a version decides what a case of this branch and segment follows: its content, or, where it gives its scope back, that
-- the case follows a wider plan. It holds of a draft as if it were published, and of no case that a nearer plan has.
CREATE FUNCTION plan_steers(of_version integer, of_branch text, of_segment text) RETURNS boolean
LANGUAGE sql STABLE AS $$
  WITH RECURSIVE above(id, distance) AS (
    SELECT of_branch, 0
    UNION ALL
    SELECT b.parent_id, distance + 1 FROM above JOIN branches b ON b.id = above.id WHERE b.parent_id IS NOT NULL AND distance < 32
  ), steering AS (
    SELECT s.branch_id, s.segment, above.distance FROM stage_plans s LEFT JOIN above ON above.id = s.branch_id
    WHERE s.version = of_version AND (s.branch_id IS NULL OR above.id IS NOT NULL) AND (s.segment IS NULL OR s.segment = of_segment)
  )
  SELECT EXISTS (SELECT 1 FROM steering s WHERE NOT EXISTS (
    SELECT 1 FROM stage_plans p LEFT JOIN above ON above.id = p.branch_id
    WHERE p.in_force AND (p.branch_id IS NULL OR above.id IS NOT NULL) AND (p.segment IS NULL OR p.segment = of_segment)
      AND (coalesce(above.distance, 99), p.segment IS NULL) < (coalesce(s.distance, 99), s.segment IS NULL)))
$$;--> statement-breakpoint
CREATE FUNCTION plan_hash(of_version integer) RETURNS text LANGUAGE sql STABLE AS $$
  SELECT encode(sha256(convert_to(content::text, 'UTF8')), 'hex') FROM stage_plans WHERE version = of_version
$$;--> statement-breakpoint
-- The one that a newly published version takes out of force is changed by this trigger and not by hand, hence the depth.
CREATE OR REPLACE FUNCTION keep_published_plan() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF OLD.state = 'published' AND (TG_OP = 'DELETE'
    OR (NEW.version, NEW.state, NEW.content, NEW.branch_id, NEW.segment, NEW.follows_wider)
      IS DISTINCT FROM (OLD.version, OLD.state, OLD.content, OLD.branch_id, OLD.segment, OLD.follows_wider)
    OR (NEW.in_force <> OLD.in_force AND (NEW.in_force OR pg_trigger_depth() < 2))) THEN
    RAISE EXCEPTION 'stage plan % is published and never changes', OLD.version;
  END IF;
  IF TG_OP = 'UPDATE' AND (NEW.version <> OLD.version OR (OLD.state = 'discarded' AND NEW.state <> OLD.state)) THEN
    RAISE EXCEPTION 'stage plan % keeps its number, and stays discarded once it is', OLD.version;
  END IF;
  IF TG_OP = 'UPDATE' AND OLD.state = 'draft' AND NEW.state = 'published' THEN
    UPDATE stage_plans SET in_force = false WHERE in_force AND version <> NEW.version
      AND branch_id IS NOT DISTINCT FROM NEW.branch_id AND segment IS NOT DISTINCT FROM NEW.segment;
  END IF;
  RETURN coalesce(NEW, OLD);
END $$;--> statement-breakpoint
-- A new database gets the default plan as its first version; all others are drafts first.
CREATE FUNCTION draft_plans_first() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF NEW.state = 'published' AND (NEW.version <> 1 OR NEW.branch_id IS NOT NULL OR NEW.segment IS NOT NULL) THEN
    RAISE EXCEPTION 'stage plan % is drafted before it is published', NEW.version;
  END IF;
  RETURN NEW;
END $$;--> statement-breakpoint
CREATE TRIGGER stage_plans_are_drafted BEFORE INSERT ON "stage_plans" FOR EACH ROW EXECUTE FUNCTION draft_plans_first();
