-- Up to where the owner has read, in the order in which messages came. No event before this said so.
alter table view_conversations add column last_read_message_id uuid;

-- How people want to be served; those who never said it have no row.
create table view_preferences (
    user_id uuid primary key,
    -- Null: that of the device.
    language text,
    theme text not null,
    send_on_enter boolean not null,
    notify_answers boolean not null
);
