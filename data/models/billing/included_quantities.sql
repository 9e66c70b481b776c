-- Units that live agreements cover without billing them, per client and service.
select client_id, service_id, sum(included_quantity) as included_quantity
from live_agreement_lines
group by client_id, service_id
