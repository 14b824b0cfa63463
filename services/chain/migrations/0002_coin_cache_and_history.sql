-- The block up to which the table `utxos` stands: always one of the best chain, at or below the tip. What the blocks above it changed is in
-- memory, and made again from these blocks after a crash.
CREATE TABLE utxo_state (
  only_row boolean PRIMARY KEY DEFAULT true CHECK (only_row),
  hash bytea NOT NULL,
  height integer NOT NULL
);
INSERT INTO utxo_state (hash, height) SELECT t.hash, h.height FROM tip t JOIN headers h USING (hash);

-- What each transaction of the best chain brought and took from an address (hash160 of a P2PKH output), base units.
CREATE TABLE address_history (
  h2 bytea NOT NULL,
  height integer NOT NULL,
  position integer NOT NULL,
  txid bytea NOT NULL,
  received bigint NOT NULL,
  sent bigint NOT NULL,
  PRIMARY KEY (h2, height, position)
);

-- Blocks of a database that is older than the history are filed when the service starts, from this height up. No row: all are.
CREATE TABLE history_backfill (
  only_row boolean PRIMARY KEY DEFAULT true CHECK (only_row),
  next_height integer NOT NULL
);
INSERT INTO history_backfill (next_height) SELECT 1 FROM tip;
