-- How many seats of each client are inactive or never active, by the cells: as many as inactive_seats lists.
select cells.client_id, cast(sum(cells.unused_seats) as bigint) as seat_count
from cell_dispositions as cells
inner join activity_reporting as reporting on cells.connection_id = reporting.connection_id
where
  cells.disposition in ('counted', 'filtered', 'unaccounted')
  and cells.status = 'active'
  and cells.kind_key <> 'shared_mailbox'
  and reporting.reports_activity
group by cells.client_id
