-- Where peers that this node dialled itself were found when it last ran: they are dialled again first, whatever others
-- have put into the book since. Times are Unix milliseconds.
create table anchor (
  host text not null,
  port integer not null check (port between 1 and 65535),
  primary key (host, port)
);
insert into anchor (host, port)
select host, port from address where h2 is not null and failures = 0 order by last_seen_ms desc limit 4;

-- The book of before had no places, which need the secret below: it is learned again, from the anchors on.
drop table address;
create table address (
  host text not null,
  port integer not null check (port between 1 and 65535),
  -- Hash160 of the node key that a handshake proved there; null for hearsay.
  h2 bytea check (octet_length(h2) = 20),
  services bigint not null default 0,
  -- In which of the two tables of the book, and where in it: a place holds one address, so the book cannot grow.
  tried boolean not null,
  place integer not null,
  last_seen_ms bigint not null,
  last_try_ms bigint not null default 0,
  last_reached_ms bigint not null default 0,
  failures integer not null default 0,
  -- Another address that was reached wants this place: a feeler looks whether this one still answers.
  challenged boolean not null default false,
  primary key (host, port),
  unique (tried, place)
);

-- Keys the places of the book, so that nobody can tell which addresses push out which.
create table book_secret (
  singleton boolean primary key default true check (singleton),
  secret bytea not null check (octet_length(secret) = 32)
);
