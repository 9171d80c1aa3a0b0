-- Files that people have uploaded. Their bytes lie sealed in the store, under the file's id.
create table view_files (
    id uuid primary key,
    version bigint not null,
    owner_id uuid not null,
    name text not null,
    media_type text not null,
    size bigint not null,
    sha256 text not null,
    created_at timestamptz not null
);
create index view_files_owner on view_files (owner_id, id);

-- Bytes that each person's files take, changed in the transaction of the event: a quota holds also where two uploads
-- end at the same moment. An ordinary table.
create table file_usage (
    owner_id uuid primary key,
    bytes bigint not null
);

alter table view_messages add column attachments uuid[] not null default '{}';
create index view_messages_attachments on view_messages using gin (attachments) where attachments <> '{}';

alter table view_assistants add column knowledge_base_ids uuid[] not null default '{}';

create table view_knowledge_bases (
    id uuid primary key,
    version bigint not null,
    owner_id uuid not null,
    name text not null,
    description text not null,
    tags text[] not null,
    visibility text not null,
    chunk_tokens int not null,
    chunk_overlap int not null,
    created_at timestamptz not null,
    updated_at timestamptz not null
);
create index view_knowledge_bases_owner on view_knowledge_bases (owner_id);

create table view_documents (
    id uuid primary key,
    version bigint not null,
    knowledge_base_id uuid not null,
    added_by uuid not null,
    file_id uuid not null,
    name text not null,
    media_type text not null,
    size bigint not null,
    -- queued, processing, ready or failed
    status text not null,
    attempt int not null,
    -- The attempt whose passages are found; null before the first has ended.
    ready_attempt int,
    pages int,
    passages int not null,
    characters bigint not null,
    -- The dictionary that stems its words.
    dictionary text,
    error_code text,
    error_detail text,
    created_at timestamptz not null,
    updated_at timestamptz not null
);
create index view_documents_base on view_documents (knowledge_base_id, id);
create index view_documents_file on view_documents (file_id);
create index view_documents_waiting on view_documents (created_at) where status in ('queued', 'processing');

create table view_passages (
    id uuid primary key,
    document_id uuid not null,
    knowledge_base_id uuid not null,
    attempt int not null,
    number int not null,
    body text not null,
    headings text[] not null,
    page int,
    page_name text,
    -- The dictionary that has stemmed its words.
    dictionary text not null,
    -- Stemmed words with their places: headings weigh more (A) than the text (D).
    words tsvector not null,
    -- Words of the text, for weighing how often one of them stands there.
    length int not null
);
create index view_passages_document on view_passages (document_id, attempt, number);
create index view_passages_base on view_passages (knowledge_base_id);
create index view_passages_words on view_passages using gin (words) with (fastupdate = off);

-- The passages that the model of a run was given.
alter table view_responses add column passages uuid[] not null default '{}';
