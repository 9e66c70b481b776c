-- What each connection provides: seats if its current data has any, a metric if it has any count of it.
select distinct connection_id, 'seats' as count_method from seat_cells
union all
select distinct connection_id, 'identities' as count_method from seat_cells
union all
select distinct connection_id, metric as count_method from stg_counts
