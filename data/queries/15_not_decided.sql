-- What nobody has decided
-- Accounts without a client and products without a rule, the largest first, with the best guess.
-- @returns kind, connection_id, name, seat_count, suggestion, score, evidence
select kind, connection_id, name, seat_count,
  coalesce(suggested_client_name, suggested_service_name) as suggestion, score, evidence
from mapping_work
order by seat_count desc, connection_id, name
