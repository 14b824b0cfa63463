-- Where peers may be found. Times are Unix milliseconds.
create table address (
  host text not null,
  port integer not null check (port between 1 and 65535),
  -- Hash160 of the node key, where a handshake proved it.
  h2 bytea check (octet_length(h2) = 20),
  services bigint not null default 0,
  last_seen_ms bigint not null,
  last_try_ms bigint not null default 0,
  failures integer not null default 0,
  -- The part of the network it lies in: no single part may fill the book.
  bucket text not null,
  primary key (host, port)
);
create index address_bucket on address (bucket, last_seen_ms);
create index address_seen on address (last_seen_ms desc);

-- Who is not let in, and until when. Subjects: "key:<h2 hex>" or "host:<ip>".
create table ban (
  subject text primary key,
  until_ms bigint not null,
  reason text not null
);
