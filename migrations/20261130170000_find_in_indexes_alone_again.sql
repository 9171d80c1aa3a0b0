-- The index of terms had lost its setting when it was made again (20261124000002): what was just put in waited in a list
-- that every search read from end to end. So did the files of messages, which deleting a file looks through.
alter index search_documents_words set (fastupdate = off);
select gin_clean_pending_list('search_documents_words');
alter index view_messages_attachments set (fastupdate = off);
select gin_clean_pending_list('view_messages_attachments');
