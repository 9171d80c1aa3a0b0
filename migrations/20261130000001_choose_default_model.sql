-- The model that answers where nobody has named one.

create table view_default_model (
    id uuid primary key,
    version bigint not null,
    model text,
    -- Whether it was the first that worked, and not an administrator's choice.
    automatic boolean not null,
    updated_at timestamptz not null
);

-- Whether a model answers in text, as far as its name tells.
alter table view_models add column answers boolean not null default true;

-- The model that was chosen, as long as its provider lists it, else the first of the provider that has worked for
-- longest. A function, since every message asks for it beside something else.
create function default_model() returns text
language sql stable as $$
    select coalesce(
        (select d.model from view_default_model d
         join view_models m on m.model = substr(d.model, strpos(d.model, '/') + 1)
         join view_providers p on p.id = m.provider_id and p.name = split_part(d.model, '/', 1)),
        (select p.name || '/' || m.model from view_providers p join view_models m on m.provider_id = p.id
         where p.health = 'ok' and m.answers order by p.created_at, p.id, m.place limit 1)
    )
$$;
