-- How an assistant does is counted over its runs.
create index view_responses_assistant on view_responses (assistant_id);
