-- What a document holds and its passages do not: a list of {kind, page, count}, as the event of its processing has it.
alter table view_documents add column left_out jsonb not null default '[]';
