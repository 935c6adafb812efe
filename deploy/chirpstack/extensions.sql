-- ChirpStack searches by trigrams.
create extension if not exists pg_trgm;
