-- The payment that is in a block: it need not be the one that this pool saw first, or saw at all.
alter table jobs add column mined_txid bytea;
update jobs set mined_txid = coalesce(payment_txid,
  (select hash from statements where statements.job_id = jobs.job_id and kind = 52 limit 1), '\x')
  where mined_hash is not null;

-- What the chain says it dropped is looked up by these.
create index jobs_by_funding on jobs (funding_txid) where state not in ('settled', 'expired', 'slashed');

-- 'lost': the chain may not have it any more, and is asked again at each tip.
alter table reservations drop constraint reservations_state_check;
alter table reservations add constraint reservations_state_check
  check (state in ('asking', 'held', 'lost', 'releasing'));
create index reservations_open on reservations (state) where state <> 'held';

-- What a kept message is about: of rivals for one outpoint only a few are kept.
alter table kept_messages add column about bytea;
create index kept_messages_about on kept_messages (about) where about is not null;
