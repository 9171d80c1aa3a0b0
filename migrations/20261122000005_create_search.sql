-- What the search engine of PostgreSQL looks into, and how far each engine's index is. Made from the views by the
-- indexer; may be emptied at will.

create table search_documents (
    id uuid primary key,
    kind text not null,
    conversation_id uuid not null,
    owner_id uuid not null,
    role text,
    content text not null,
    created_at timestamptz not null,
    -- A vector of words has a limit of its own, which no text may break.
    words tsvector not null generated always as (to_tsvector('simple', left(content, 50000))) stored
);
create index search_documents_words on search_documents using gin (words);
create index search_documents_owner on search_documents (owner_id, created_at desc);

create table search_checkpoints (
    engine text primary key,
    position bigint not null,
    hash bytea not null
);

-- Typing errors are forgiven where pg_trgm is there; search works without it, weaker.
do $$
begin
    create extension if not exists pg_trgm;
    create index search_documents_trigrams on search_documents using gin (left(content, 50000) gin_trgm_ops);
exception when others then
    raise notice 'pg_trgm is not there: search forgives no typing errors';
end
$$;
