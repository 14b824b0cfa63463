-- The bond slot and H of a commitment: one slot backs one job at a time (protocol §6, Reserved).
alter table statements add column bond_outpoint bytea;
alter table statements add column height integer;
create index statements_by_bond on statements (bond_outpoint) where bond_outpoint is not null;

-- 'barred': the payment is kept out of the mempool while its commitment shares its slot with that of another job.
alter table reservations drop constraint reservations_state_check;
alter table reservations add constraint reservations_state_check
  check (state in ('asking', 'held', 'lost', 'barred', 'releasing'));
