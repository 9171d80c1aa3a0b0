-- A passage has several vectors: of its text, of its words that carry meaning, and of its parts, each by the digest of the
-- text that is embedded. Both tables are filled anew from the log.
alter table view_passages
    add column content_digest bytea,
    add column part_digests bytea[] not null default '{}';

alter table view_documents
    -- Whether each of these texts had its vector when the model was done.
    add column embedded_in_full boolean not null default false;
