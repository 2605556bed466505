-- Where each chain of the journal ends. A tail or a whole chain that is taken out leaves its head behind.
CREATE TABLE "journal_heads" (
	"chain" text PRIMARY KEY NOT NULL,
	"sequence" integer NOT NULL,
	"hash" text NOT NULL
) with (fillfactor = 70);
--> statement-breakpoint
-- Nothing is appended between the copy of the heads and the trigger that keeps them.
lock table journal in share row exclusive mode;
--> statement-breakpoint
insert into journal_heads (chain, sequence, hash)
  select distinct on (chain) chain, sequence, hash from journal order by chain, sequence desc;
--> statement-breakpoint
revoke insert, update, delete, truncate on journal_heads from xubao_app;
--> statement-breakpoint
-- Runs as its owner: whoever appends an entry moves the head of that chain, and nobody moves a head otherwise.
create or replace function chain_journal() returns trigger language plpgsql security definer
  set search_path = pg_catalog, public, pg_temp as $$
declare
  last_sequence integer;
  last_hash text;
begin
  perform pg_advisory_xact_lock(hashtextextended(new.chain, 7));
  select sequence, hash into last_sequence, last_hash from journal_heads where chain = new.chain;
  new.sequence := coalesce(last_sequence, 0) + 1;
  new.previous_hash := coalesce(last_hash, '');
  new.at := business_now();
  new.recorded_at := clock_timestamp();
  new.hash := journal_hash(new);
  insert into journal_heads values (new.chain, new.sequence, new.hash)
    on conflict (chain) do update set sequence = excluded.sequence, hash = excluded.hash;
  return new;
end
$$;
--> statement-breakpoint
revoke execute on function chain_journal() from public;
