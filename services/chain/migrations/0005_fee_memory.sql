-- What the fee estimates learned, so that a restart does not forget it. Of another form than this release's: learned anew.
CREATE TABLE fee_memory (
  only_row boolean PRIMARY KEY DEFAULT true CHECK (only_row),
  learned bytea NOT NULL
);
