-- What a unit of a billed service costs a month by the PSA's own account: the agreement lines' cost, else the service's,
-- which is in the workspace's currency. One row per client, service and currency; the mean is weighted by the quantity of
-- the lines that have a cost, and null where none has.
with

lines as (
  select
    billed.client_id,
    billed.service_id,
    billed.currency,
    billed.is_credit,
    quantity_units(billed.net_quantity) as units,
    whole_div(12, billed.months) as periods,
    price_units(case when agreements.currency = billed.currency then agreement_lines.unit_cost end) as line_cost,
    price_units(case when billed.currency = settings.currency then services.unit_cost end) as service_cost
  from live_billed_lines as billed
  cross join settings
  left join stg_agreement_lines as agreement_lines on billed.agreement_line_id = agreement_lines.agreement_line_id
  left join stg_agreements as agreements on agreement_lines.agreement_id = agreements.agreement_id
  left join stg_services as services on billed.service_id = services.service_id
),

-- By the year: a line's cost is per billing cycle, a service's per month.
costed as (
  select *, coalesce(line_cost * periods, service_cost * 12) as yearly_cost
  from lines
  where not is_credit
),

grouped as (
  select
    client_id,
    service_id,
    currency,
    sum(case when yearly_cost is not null then units * yearly_cost end) as weighted_cost,
    sum(case when yearly_cost is not null then units end) as costed_units,
    sum(yearly_cost) as summed_cost,
    count(yearly_cost) as costed_lines,
    count(line_cost) as lines_with_own_cost
  from costed
  group by client_id, service_id, currency
),

final as (
  select
    client_id,
    service_id,
    currency,
    case
      when costed_lines = 0 then null
      when costed_units <> 0 then units_to_price(round_div(weighted_cost, 12 * costed_units))
      else units_to_price(round_div(summed_cost, 12 * cast(costed_lines as hugeint)))
    end as unit_cost,
    case when lines_with_own_cost > 0 then 'agreement_line' when costed_lines > 0 then 'service' end as cost_basis
  from grouped
)

select * from final
