-- Assistants, documents and their passages are found like messages and conversations: everything is put in again.
truncate search_documents;
delete from search_checkpoints;
-- What a text is part of: of a message its conversation, of a passage its document, of a document its knowledge base.
alter table search_documents rename column conversation_id to parent_id;
-- Who may find it: a person, a knowledge base for whoever may read that, or everybody (an id of zeros).
alter table search_documents rename column owner_id to scope_id;
create index search_documents_parent on search_documents (parent_id);
