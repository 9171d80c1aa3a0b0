-- Terms are made by the program: PostgreSQL's parser finds no words in scripts without blanks, and splits signs otherwise
-- than a query is split. Everything is put in again.
truncate search_documents;
delete from search_checkpoints;
alter table search_checkpoints
    -- Of the splitter that made the terms.
    add column version int not null default 0;
drop index search_documents_words;
alter table search_documents drop column words;
alter table search_documents
    add column words tsvector not null,
    -- The longest texts have more terms than one vector holds.
    add column part int not null default 0;
alter table search_documents drop constraint search_documents_pkey;
alter table search_documents add primary key (id, part);
create index search_documents_words on search_documents using gin (words);
