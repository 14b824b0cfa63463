-- Committees are drawn from the bonds that stood unspent at an earlier height: those unspent still, and those spent since then, which are few
-- however long the chain is.
CREATE INDEX bonds_unspent ON bonds (value) WHERE spent_height IS NULL;
CREATE INDEX bonds_spent ON bonds (spent_height) WHERE spent_height IS NOT NULL;
