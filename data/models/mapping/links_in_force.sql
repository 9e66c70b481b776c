-- What was decided about accounts. One that was confirmed for a client which the PSA no longer has is as good as undecided.
select decided.connection_id, decided.account_id, decided.client_id, decided.status, decided.note
from mapping_clients as decided
left join stg_clients as clients on decided.client_id = clients.client_id
where decided.status = 'excluded' or (decided.status = 'confirmed' and clients.client_id is not null)
