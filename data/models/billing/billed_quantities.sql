-- The billed side, one row per client, service and currency; the service is null for lines without one. A row whose lines
-- have different cycles is brought to a month: billing_cycle mixed, months 1.
--
-- line_rate_units is the mean price of its lines in millionths per row cycle: weighted by billed quantity over priced
-- lines that are not credits, the plain mean where those quantities sum to 0, null where no line has a price.
with

lines as (
  select
    *,
    quantity_units(net_quantity) as units,
    -- By the year, as 12 / months is whole for every cycle.
    price_units(unit_price) * whole_div(12, months) as yearly_price_units,
    unit_price is not null and not is_credit as is_priced
  from live_billed_lines
),

grouped as (
  select
    client_id,
    service_id,
    currency,
    sum(net_quantity) as invoiced_quantity,
    case when count(distinct billing_cycle) = 1 then min(billing_cycle) else 'mixed' end as billing_cycle,
    case when count(distinct billing_cycle) = 1 then min(months) else 1 end as months,
    case when count(distinct basis) = 1 then min(basis) else 'mixed' end as billed_basis,
    min(period_start) as period_start,
    max(period_end) as period_end,
    sum(case when is_priced then units * yearly_price_units end) as weighted_price_units,
    sum(case when is_priced then units end) as priced_units,
    sum(case when is_priced then yearly_price_units end) as summed_price_units,
    count(case when is_priced then 1 end) as priced_count,
    count(case when is_priced and basis = 'invoice' then 1 end) as priced_invoice_count
  from lines
  group by client_id, service_id, currency
),

final as (
  select
    client_id,
    service_id,
    currency,
    cast(invoiced_quantity as decimal(18, 4)) as invoiced_quantity,
    billing_cycle,
    months,
    billed_basis,
    period_start,
    period_end,
    case
      when priced_count = 0 then null
      when priced_units <> 0 then round_div(weighted_price_units * months, 12 * priced_units)
      else round_div(summed_price_units * months, 12 * priced_count)
    end as line_rate_units,
    case
      when priced_invoice_count > 0 then 'invoice_line'
      when priced_count > 0 then 'agreement_line'
    end as line_rate_basis
  from grouped
)

select * from final
