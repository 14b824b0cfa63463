-- Everything a node knows of jobs (protocol §6: every full node keeps every job it sees with every statement).

create table jobs (
  job_id bytea primary key,
  -- Protocol job bytes and F.
  job bytea not null,
  funding bytea not null,
  funding_outpoint bytea not null,
  funding_txid bytea not null,
  first_seen_ms bigint not null,
  state text not null check (state in ('created', 'accepted', 'committed', 'paid', 'delivered', 'settled', 'expired', 'slashed')),
  reason text not null default '',
  -- Counts changes of state, so that each event has an id of its own.
  changes integer not null default 0,
  -- Whether this node took the job.
  mine boolean not null default false,
  -- The payment in force: the first seen that was matched to its commitment.
  payment_txid bytea,
  payment_commitment bytea,
  -- What the best chain says.
  mined_hash bytea,
  mined_height integer,
  inputs_spent boolean not null default false,
  testament_mined boolean not null default false,
  -- Height of the tip when the job ended; it leaves the table retainBlocks later.
  ended_height integer
);
create index jobs_by_outpoint on jobs (funding_outpoint);
create index jobs_by_payment on jobs (payment_txid) where payment_txid is not null;
create index jobs_by_mined on jobs (mined_hash) where mined_hash is not null;
create index jobs_live on jobs (first_seen_ms) where state not in ('settled', 'expired', 'slashed');
create index jobs_ended on jobs (ended_height) where ended_height is not null;

create table statements (
  job_id bytea not null references jobs on delete cascade,
  -- camelid.p2p.v1.MessageType
  kind smallint not null,
  -- Statement hash; txid of a payment; the node's key for progress, of which only the newest is kept.
  hash bytea not null,
  node_key bytea,
  commitment_hash bytea,
  -- The p2p payload.
  payload bytea not null,
  seen_ms bigint not null,
  -- False while it waits for the statement it answers.
  checked boolean not null,
  primary key (job_id, kind, hash)
);
create index statements_by_hash on statements (kind, hash);

-- F or P in the chain's mempool. 'asking' is written before the chain is asked, so that a crash leaves nothing reserved for ever.
create table reservations (
  job_id bytea primary key,
  state text not null check (state in ('asking', 'held', 'releasing')),
  at_ms bigint not null
);

create table bond_slots (
  -- 36 bytes.
  outpoint bytea primary key,
  value bigint not null,
  unbond_height integer not null,
  height integer not null,
  spent boolean not null default false,
  -- The job that holds it.
  job_id bytea,
  -- A commitment that came to nothing keeps its slot until the tip is above this height (protocol §6, H + V).
  release_height integer
);
create unique index bond_slots_by_job on bond_slots (job_id) where job_id is not null;

-- Transactions of this node that make bond slots, kept until they are deep enough to forget.
create table bond_transactions (
  txid bytea primary key,
  transaction bytea not null,
  outputs integer not null,
  at_ms bigint not null
);

-- This node's own work, one row a job it took.
create table work (
  job_id bytea primary key references jobs on delete cascade,
  bond_outpoint bytea not null,
  stage text not null check (stage in ('waiting', 'queued', 'checking', 'checked', 'committed', 'failed', 'stopped')),
  attempt integer not null default 1,
  reason text not null default '',
  worker text not null default '',
  -- uint32 little-endian each.
  token_ids bytea,
  output_text bytea,
  engine text,
  backend text,
  generate_us bigint,
  -- H of the commitment.
  height integer
);

-- Messages that move nothing yet but must not be lost: disputes, and jobs on an outpoint that another job holds.
create table kept_messages (
  id bigserial primary key,
  kind smallint not null,
  hash bytea not null unique,
  payload bytea not null,
  seen_ms bigint not null
);

create table outbox (
  id bigserial primary key,
  event_id text not null unique,
  subject text not null,
  payload bytea not null
);
