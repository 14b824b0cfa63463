/**
 * The schema of the one SQLite file, forward only: entry n brings version n to n + 1 (`PRAGMA user_version`).
 * Amounts are base units, times Unix seconds unless the name says `_ms`, hashes in internal byte order.
 */
export const migrations: readonly string[] = [
  `
  CREATE TABLE header (
    hash BLOB PRIMARY KEY,
    height INTEGER NOT NULL,
    raw BLOB NOT NULL,
    work BLOB NOT NULL,              -- 32 bytes big-endian, of the whole chain up to here
    anchor_height INTEGER NOT NULL,  -- the ASERT anchor in force for this header's children
    anchor_parent_time INTEGER NOT NULL,
    anchor_bits INTEGER NOT NULL,
    best INTEGER NOT NULL            -- 1 on the best chain
  ) STRICT;
  CREATE UNIQUE INDEX header_best ON header (height) WHERE best = 1;
  CREATE INDEX header_side ON header (height) WHERE best = 0;

  -- Outputs of our address that enough peers call unspent, each proved against our headers.
  CREATE TABLE coin (
    txid BLOB NOT NULL,
    vout INTEGER NOT NULL,
    value INTEGER NOT NULL,
    height INTEGER NOT NULL,
    block_hash BLOB NOT NULL,
    coinbase INTEGER NOT NULL,
    in_mempool INTEGER NOT NULL,     -- 1 where a peer's mempool or reservation spends it
    PRIMARY KEY (txid, vout)
  ) STRICT;

  -- Coins promised to a job or a payment of our own; one owner each.
  CREATE TABLE coin_lock (
    txid BLOB NOT NULL,
    vout INTEGER NOT NULL,
    owner BLOB NOT NULL,             -- job id, or txid of a spend
    value INTEGER NOT NULL,
    PRIMARY KEY (txid, vout)
  ) STRICT;
  CREATE INDEX coin_lock_owner ON coin_lock (owner);

  CREATE TABLE job (
    job_id BLOB PRIMARY KEY,
    created_ms INTEGER NOT NULL,
    stage TEXT NOT NULL,
    reason TEXT NOT NULL DEFAULT '',   -- why it failed or expired: CODE: words
    model_name TEXT NOT NULL,
    model_sha256 TEXT NOT NULL,
    job BLOB NOT NULL,
    funding BLOB NOT NULL,
    change INTEGER NOT NULL,           -- what P gives back to us
    fee_paid INTEGER NOT NULL,         -- P's fee; F's while there is no P
    balance_before INTEGER NOT NULL,
    balance_after INTEGER,
    node_key BLOB,
    node_balance_before INTEGER,
    node_balance_after INTEGER,
    tokens INTEGER NOT NULL DEFAULT 0, -- generated so far, as the node says
    commitment BLOB,
    payment BLOB,
    payment_txid BLOB,
    delivery BLOB,
    output TEXT,
    token_ids TEXT,                    -- JSON array
    report TEXT,                       -- JSON of the check
    committed_ms INTEGER,
    delivered_ms INTEGER,
    checked_ms INTEGER,
    block_hash BLOB,
    height INTEGER,
    tracked INTEGER NOT NULL DEFAULT 1 -- 1 while a later block or message can still change it
  ) STRICT;
  CREATE INDEX job_tracked ON job (tracked) WHERE tracked = 1;
  CREATE INDEX job_created ON job (created_ms);

  CREATE TABLE job_event (
    job_id BLOB NOT NULL,
    seq INTEGER NOT NULL,
    stage TEXT NOT NULL,
    at_ms INTEGER NOT NULL,
    PRIMARY KEY (job_id, seq)
  ) STRICT;

  CREATE TABLE spend (
    txid BLOB PRIMARY KEY,
    raw BLOB NOT NULL,
    created_ms INTEGER NOT NULL,
    change INTEGER NOT NULL,
    state TEXT NOT NULL,               -- pending, mined, dropped
    block_hash BLOB,
    height INTEGER
  ) STRICT;
  `,
  `
  -- Addresses of the wallet that were given to somebody or found used: BIP44 m/44'/7331'/0'/branch/idx.
  CREATE TABLE address (
    branch INTEGER NOT NULL,           -- 0 receiving, 1 change
    idx INTEGER NOT NULL,
    h2 BLOB NOT NULL UNIQUE,
    used INTEGER NOT NULL DEFAULT 0,   -- 1 once a block paid it
    PRIMARY KEY (branch, idx)
  ) STRICT;

  -- Up to here every coin was of the first address, 0/0.
  ALTER TABLE coin ADD COLUMN branch INTEGER NOT NULL DEFAULT 0;
  ALTER TABLE coin ADD COLUMN idx INTEGER NOT NULL DEFAULT 0;
  CREATE INDEX coin_address ON coin (branch, idx);
  `,
  `
  -- What we know of nodes from our own jobs and checks.
  CREATE TABLE node (
    node_key BLOB PRIMARY KEY,
    maker TEXT NOT NULL,               -- standing over the positions of its outputs, one line of JSON
    valid INTEGER NOT NULL,            -- jobs by their verdict
    invalid INTEGER NOT NULL,
    inconclusive INTEGER NOT NULL,
    failed INTEGER NOT NULL,           -- paid, and not delivered
    checker TEXT NOT NULL,             -- standing over its answers about outputs of others
    answers_right INTEGER NOT NULL,
    answers_outvoted INTEGER NOT NULL,
    answers_disputed INTEGER NOT NULL,
    answers_silent INTEGER NOT NULL,
    answers_forged INTEGER NOT NULL,
    updated_ms INTEGER NOT NULL
  ) STRICT;
  CREATE INDEX node_updated ON node (updated_ms);
  `,
]
