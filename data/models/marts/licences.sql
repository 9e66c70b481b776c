-- What each client has of each product: purchased, used and billed, its cost and its part of the revenue per month in the
-- workspace's currency. A licence that a distributor sells and a vendor counts is one row, the vendor's.
--
-- @key client_id, connection_id, product_id
-- @column client_id VARCHAR The PSA's id of the client.
-- @column client_name VARCHAR The client's name in the PSA.
-- @column connection_id VARCHAR The connection that knows who uses it, else the one that sells it.
-- @column product_id VARCHAR The vendor's product.
-- @column product_name VARCHAR Its name.
-- @column supplier_ids VARCHAR Connections whose purchases of the same licence stand here, separated by semicolons; null if none.
-- @column service_ids VARCHAR Services that it feeds, separated by semicolons; null if none.
-- @column service_names VARCHAR Their names.
-- @column currency VARCHAR The workspace's: that of all costs.
-- @column purchased_quantity DECIMAL(18,4) Units paid for; null if not known.
-- @column used_quantity DECIMAL(18,4) Units in use: assigned, else seats that are not deleted, else active, else reported; null if not known.
-- @column billed_quantity DECIMAL(18,4) Units that the services bearing its cost bill or include; null where several licences or another unit stand behind the bill, or where it is left out by decision, in one account or all.
-- @column unassigned_quantity DECIMAL(18,4) Purchased, but not in use, account by account; null unless both are known there.
-- @column unbilled_quantity DECIMAL(18,4) Purchased, but not billed; null unless both are known.
-- @column charged_quantity DECIMAL(18,4) Units that cost: the purchased ones, else the used ones (by the PSA's cost: those that rules count, else the billed ones).
-- @column charged_by VARCHAR purchased, used or billed.
-- @column unit_cost DECIMAL(18,6) Cost per unit and month; null if not known, or if the service is counted in another unit.
-- @column cost_basis VARCHAR licence (what distributor or vendor charge); agreement_line or service where only the PSA knows the cost and no other licence, service and currency are concerned; null if not known.
-- @column cost_monthly DECIMAL(18,2) Cost per month; null if not known.
-- @column unassigned_monthly DECIMAL(18,2) Cost of what is assigned to nobody; null if it or its cost is not known.
-- @column unbilled_monthly DECIMAL(18,2) Cost of what is not billed; null if it or its cost is not known. The two overlap: never add them.
-- @column revenue_monthly DECIMAL(18,2) Its part of what its services bill, where several licences stand behind one in proportion to their cost; null if it cannot be told.
-- @column margin_monthly DECIMAL(18,2) revenue_monthly less cost_monthly; null unless both are known.
-- @column commitment_end DATE First day on which the purchased quantity can be reduced: nothing is saved before; null if not said.
-- @column is_committed BOOLEAN Whether that day is still to come; false where it is not said, which does not mean that there is no commitment.
with

billed as (
  select client_id, service_id, sum(invoiced_quantity) as quantity
  from billed_quantities
  where service_id is not null
  group by client_id, service_id
),

fed as (
  select
    feeds.client_id,
    feeds.connection_id,
    feeds.product_id,
    joined(feeds.service_id, ';') as service_ids,
    joined(services.service_name, '; ') as service_names,
    min(case when feeds.is_alone or not feeds.is_bearer then 1 else 0 end) = 1 as is_unit_for_unit,
    sum(
      case when feeds.is_bearer then coalesce(billed.quantity, 0) + coalesce(included.included_quantity, 0) else 0 end
    ) as billed_quantity
  from licence_services as feeds
  inner join stg_services as services on feeds.service_id = services.service_id
  left join billed on feeds.client_id = billed.client_id and feeds.service_id = billed.service_id
  left join included_quantities as included
    on feeds.client_id = included.client_id and feeds.service_id = included.service_id
  group by feeds.client_id, feeds.connection_id, feeds.product_id
),

-- Where the vendor names no cost, the PSA's cost of the one service that it stands for.
service_costs as (
  select
    feeds.client_id,
    feeds.connection_id,
    feeds.product_id,
    rows.cost_basis,
    rows.cost_monthly,
    case when feeds.is_one_to_one then rows.unit_cost end as unit_cost,
    case when feeds.is_one_to_one then rows.costed_quantity end as costed_quantity,
    case when feeds.is_one_to_one then rows.costed_by end as costed_by
  from licence_services as feeds
  inner join margin_rows as rows on feeds.client_id = rows.client_id and feeds.service_id = rows.service_id
  where feeds.is_pair and rows.takes_licence_costs and rows.cost_basis <> 'licence'
),

quantities as (
  select
    costs.client_id,
    costs.connection_id,
    costs.product_id,
    costs.supplier_ids,
    costs.purchased,
    costs.used,
    case when costs.unit_cost is null then coalesce(service_costs.costed_quantity, costs.charged) else costs.charged end as charged,
    case when costs.unit_cost is null then coalesce(service_costs.costed_by, costs.charged_by) else costs.charged_by end as charged_by,
    costs.unassigned,
    costs.commitment_end,
    costs.is_excluded,
    coalesce(costs.unit_cost, service_costs.unit_cost) as unit_cost,
    case when costs.unit_cost is not null then 'licence' else service_costs.cost_basis end as cost_basis,
    case when costs.unit_cost is not null then costs.cost_monthly else service_costs.cost_monthly end as cost_monthly,
    fed.service_ids,
    fed.service_names,
    case
      when costs.is_excluded then null
      when fed.client_id is null then cast(0 as decimal(18, 4))
      when fed.is_unit_for_unit then cast(fed.billed_quantity as decimal(18, 4))
    end as billed_quantity
  from licence_costs as costs
  left join fed
    on costs.client_id = fed.client_id
    and costs.connection_id = fed.connection_id
    and costs.product_id = fed.product_id
  left join service_costs
    on costs.client_id = service_costs.client_id
    and costs.connection_id = service_costs.connection_id
    and costs.product_id = service_costs.product_id
),

compared as (
  select
    quantities.*,
    case
      when quantities.service_ids is null and not quantities.is_excluded then cast(0 as decimal(18, 2))
      else revenues.revenue_monthly
    end as revenue_monthly,
    case
      when purchased is not null and billed_quantity is not null
        then cast(greatest(purchased - billed_quantity, 0) as decimal(18, 4))
    end as unbilled
  from quantities
  left join licence_revenues as revenues
    on quantities.client_id = revenues.client_id
    and quantities.connection_id = revenues.connection_id
    and quantities.product_id = revenues.product_id
),

final as (
  select
    compared.client_id,
    clients.client_name,
    compared.connection_id,
    compared.product_id,
    products.product_name,
    compared.supplier_ids,
    compared.service_ids,
    compared.service_names,
    settings.currency as currency,
    compared.purchased as purchased_quantity,
    compared.used as used_quantity,
    compared.billed_quantity,
    compared.unassigned as unassigned_quantity,
    compared.unbilled as unbilled_quantity,
    cast(compared.charged as decimal(18, 4)) as charged_quantity,
    compared.charged_by,
    compared.unit_cost,
    compared.cost_basis,
    compared.cost_monthly,
    multiply_to_amount(compared.unassigned, compared.unit_cost) as unassigned_monthly,
    multiply_to_amount(compared.unbilled, compared.unit_cost) as unbilled_monthly,
    compared.revenue_monthly,
    cast(compared.revenue_monthly - compared.cost_monthly as decimal(18, 2)) as margin_monthly,
    compared.commitment_end,
    coalesce(compared.commitment_end > settings.as_of_date, false) as is_committed
  from compared
  cross join settings
  inner join stg_clients as clients on compared.client_id = clients.client_id
  inner join stg_products as products
    on compared.connection_id = products.connection_id and compared.product_id = products.product_id
)

select * from final
