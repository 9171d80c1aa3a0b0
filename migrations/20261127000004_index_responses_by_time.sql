-- Usage is counted over a stretch of time.
create index view_responses_requested on view_responses (requested_at);
