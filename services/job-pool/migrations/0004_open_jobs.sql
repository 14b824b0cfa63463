-- Until when the job can be paid for, Unix milliseconds: so long peers that were away are told of it. Of jobs from before this it is not known.
alter table jobs add column open_until_ms bigint;
