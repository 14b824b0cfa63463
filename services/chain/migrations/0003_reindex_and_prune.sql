-- Blocks of all branches up to this height, genesis apart, were dropped on purpose. No row: none were.
CREATE TABLE pruned (
  only_row boolean PRIMARY KEY DEFAULT true CHECK (only_row),
  height integer NOT NULL
);

-- There while all other tables are made again from the raw blocks: the tables are not whole, `tip` says how far they are.
CREATE TABLE reindex (
  only_row boolean PRIMARY KEY DEFAULT true CHECK (only_row),
  -- The tip that was announced last. Nothing is announced until the reindex is over, then only the difference.
  announced_hash bytea NOT NULL,
  announced_height integer NOT NULL,
  -- Blocks that were on the best chain before, up to this height, are spared their scripts: they held once.
  trusted_height integer NOT NULL
);

-- The best chain as it was when the reindex began.
CREATE TABLE reindex_before (
  height integer PRIMARY KEY,
  hash bytea NOT NULL
);

-- The way from genesis to the block that the reindex is heading for.
CREATE TABLE reindex_route (
  height integer PRIMARY KEY,
  hash bytea NOT NULL
);
