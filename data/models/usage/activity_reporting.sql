-- Whether a connection reports activity: what its settings say, else whether any of its seats has a last activity.
select
  connections.connection_id,
  coalesce(connections.reports_activity, coalesce(sum(cells.seats_with_activity), 0) > 0) as reports_activity
from connections
left join seat_cells as cells on connections.connection_id = cells.connection_id
group by connections.connection_id, connections.reports_activity
