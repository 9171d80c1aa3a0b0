-- Berths that are free for a boat of a given length.
create view free_berths as
select b.number, b.length_m, h.name as harbour
from berths b
join harbours h on h.id = b.harbour_id
where not exists (
    select from bookings k
    where k.berth_id = b.id and k.until > now() and k.cancelled_at is null
)
order by h.name, b.length_m desc;
