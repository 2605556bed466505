-- Business time: the anchor's business instant plus the wall time since then, times the speed.
-- An anchor in the future of the wall stands still until it is reached: that is how a rehearsal stretches its day.
insert into business_clock (id, wall_at, business_at, speed, epoch) values (1, now(), now(), 1, 1);
--> statement-breakpoint
alter table business_clock add constraint business_clock_is_one_row check (id = 1 and speed > 0);
--> statement-breakpoint
create function business_now() returns timestamptz language sql volatile as $$
  select business_at + greatest(clock_timestamp() - wall_at, interval '0') * speed from business_clock where id = 1
$$;
--> statement-breakpoint
insert into sending (id, stopped) values (1, false);
--> statement-breakpoint
-- Each entry carries the hash of the entry before it in its chain (one chain a case).
create function chain_journal() returns trigger language plpgsql as $$
declare
  last_sequence integer;
  last_hash text;
begin
  perform pg_advisory_xact_lock(hashtextextended(new.chain, 7));
  select sequence, hash into last_sequence, last_hash from journal where chain = new.chain order by sequence desc limit 1;
  new.sequence := coalesce(last_sequence, 0) + 1;
  new.previous_hash := coalesce(last_hash, '');
  new.at := business_now();
  new.recorded_at := clock_timestamp();
  new.hash := journal_hash(new);
  return new;
end
$$;
--> statement-breakpoint
create function journal_hash(entry journal) returns text language sql immutable as $$
  select encode(sha256(convert_to(jsonb_build_array(
    entry.chain, entry.sequence, extract(epoch from entry.at), extract(epoch from entry.recorded_at),
    entry.actor, entry.event, entry.reason, entry.inputs, entry.previous_hash)::text, 'UTF8')), 'hex')
$$;
--> statement-breakpoint
create trigger journal_is_chained before insert on journal for each row execute function chain_journal();
--> statement-breakpoint
create function refuse_journal_change() returns trigger language plpgsql as $$
begin
  raise exception 'the journal is append-only' using errcode = 'insufficient_privilege';
end
$$;
--> statement-breakpoint
create trigger journal_is_append_only before update or delete or truncate on journal for each statement execute function refuse_journal_change();
