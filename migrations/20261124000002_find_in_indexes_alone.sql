-- What was just put in waits in a list that every search reads from end to end: with its default of 4 MB that took
-- thirty times as long as the index itself. Words go into the index at once; trigrams, of which a text has many, wait
-- in a short list.
alter index search_documents_words set (fastupdate = off);
select gin_clean_pending_list('search_documents_words');
do $$
begin
    if to_regclass('search_documents_trigrams') is not null then
        alter index search_documents_trigrams set (gin_pending_list_limit = 256);
        perform gin_clean_pending_list('search_documents_trigrams');
    end if;
end
$$;
