-- What an embedding model says of the texts of passages, by the digest of a text: passages that are cut out anew find
-- theirs again. As bytes: what a step is worth (a little-endian float of 32 bits), then a byte per number.
create table view_vectors (
    document_id uuid not null,
    model text not null,
    digest bytea not null,
    vector bytea not null,
    primary key (document_id, model, digest)
);

-- The digest of its headings and text, which is what is embedded.
alter table view_passages add column digest bytea;

alter table view_documents
    -- The model whose vectors all passages that are found have.
    add column embedding_model text,
    -- The model that failed last, and why.
    add column embedding_failed_model text,
    add column embedding_failed_at timestamptz,
    add column embedding_error text;
