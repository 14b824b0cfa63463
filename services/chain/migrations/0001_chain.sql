-- Hashes are in internal byte order. An outpoint is 36 bytes: txid, then the index as a little-endian u32.

-- Which network this database belongs to: another one is refused at start.
CREATE TABLE network (
  only_row boolean PRIMARY KEY DEFAULT true CHECK (only_row),
  name text NOT NULL,
  genesis_hash bytea NOT NULL
);

-- Every header that passed its checks, on whatever branch.
CREATE TABLE headers (
  hash bytea PRIMARY KEY,
  prev_hash bytea NOT NULL,
  height integer NOT NULL,
  header bytea NOT NULL,
  -- Sum of work up to here: 32 bytes, big-endian, so that bytes compare as numbers do.
  work bytea NOT NULL,
  -- Median time past of the eleven headers that end here, Unix seconds.
  median_time bigint NOT NULL,
  -- ASERT anchor that holds for the children (protocol: Networks).
  anchor_height integer NOT NULL,
  anchor_parent_time bigint NOT NULL,
  anchor_bits bigint NOT NULL,
  has_block boolean NOT NULL DEFAULT false,
  -- Set when the blocks of it and of all its ancestors are here; the order breaks ties of work: first seen wins.
  linked_seq bigint,
  invalid boolean NOT NULL DEFAULT false
);
CREATE INDEX headers_prev_hash ON headers (prev_hash);
CREATE INDEX headers_work ON headers (work DESC) WHERE NOT invalid;
CREATE INDEX headers_candidates ON headers (work DESC, linked_seq) WHERE linked_seq IS NOT NULL AND NOT invalid;
CREATE SEQUENCE linked_seq;

CREATE TABLE blocks (
  hash bytea PRIMARY KEY,
  raw bytea NOT NULL
);
ALTER TABLE blocks ALTER COLUMN raw SET STORAGE EXTERNAL;

-- What a block on the best chain spent, to give it back on disconnect.
CREATE TABLE undo (
  hash bytea PRIMARY KEY,
  raw bytea NOT NULL
);
ALTER TABLE undo ALTER COLUMN raw SET STORAGE EXTERNAL;

CREATE TABLE best_chain (
  height integer PRIMARY KEY,
  hash bytea NOT NULL
);

-- The block up to which all tables below stand. `version` counts connects and disconnects; events take their ids from it.
CREATE TABLE tip (
  only_row boolean PRIMARY KEY DEFAULT true CHECK (only_row),
  hash bytea NOT NULL,
  version bigint NOT NULL
);

-- Where a transaction of the best chain stands.
CREATE TABLE transactions (
  txid bytea PRIMARY KEY,
  height integer NOT NULL,
  position integer NOT NULL
);

CREATE TABLE utxos (
  outpoint bytea PRIMARY KEY,
  value bigint NOT NULL,
  script bytea NOT NULL,
  height integer NOT NULL,
  coinbase boolean NOT NULL,
  -- hash160 of a P2PKH output: the address index.
  h2 bytea
);
CREATE INDEX utxos_h2 ON utxos (h2, outpoint) WHERE h2 IS NOT NULL;

-- Every bond output of the best chain, spent ones too: committees are drawn as of an earlier height.
CREATE TABLE bonds (
  outpoint bytea PRIMARY KEY,
  node_key bytea NOT NULL,
  value bigint NOT NULL,
  unbond_height integer NOT NULL,
  height integer NOT NULL,
  spent_height integer
);
CREATE INDEX bonds_node_key ON bonds (node_key);

-- Protocol: Settlement rule.
CREATE TABLE settlements (
  outpoint bytea NOT NULL,
  job_id bytea NOT NULL,
  h2 bytea NOT NULL,
  height integer NOT NULL,
  PRIMARY KEY (outpoint, job_id, h2)
);
CREATE INDEX settlements_height ON settlements (height);

-- The mempool's memory over a restart. job_id is set for a reservation.
CREATE TABLE mempool (
  txid bytea PRIMARY KEY,
  seq bigint GENERATED ALWAYS AS IDENTITY,
  raw bytea NOT NULL,
  job_id bytea,
  added_at_ms bigint NOT NULL
);

CREATE TABLE outbox (
  id bigserial PRIMARY KEY,
  event_id text NOT NULL UNIQUE,
  subject text NOT NULL,
  payload bytea NOT NULL
);
