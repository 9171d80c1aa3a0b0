-- What models can do, as far as their providers report it, and the models that administrators have disabled.

alter table view_models
    add column vision boolean,
    add column reasoning boolean,
    add column embedding boolean;
alter table view_providers add column disabled_models text[] not null default '{}';

-- The model that was chosen, while its provider offers it and it is not disabled; otherwise the first usable one of the
-- provider that has worked for longest.
create or replace function default_model() returns text
language plpgsql stable as $$
begin
    return coalesce(
        (select d.model from view_default_model d where d.model like 'builtin/%'),
        (select d.model from view_default_model d
         cross join lateral (select split_part(d.model, '/', 1) as provider,
                                    substr(d.model, strpos(d.model, '/') + 1) as model) named
         join view_providers p on p.name = named.provider and named.model <> all (p.disabled_models)
         where named.model = any (p.named_models)
            or exists (select from view_models m where m.provider_id = p.id and m.model = named.model)),
        (select p.name || '/' || m.model
         from view_providers p cross join lateral (
             select model, place::bigint as place from view_models where provider_id = p.id and answers
             union all
             select named, 1000000 + place from unnest(p.named_models) with ordinality as names (named, place)
         ) m
         where p.health = 'ok' and m.model <> all (p.disabled_models)
         order by p.created_at, p.id, m.place limit 1)
    );
end
$$;
