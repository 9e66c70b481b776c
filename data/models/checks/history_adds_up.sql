-- The changes from one month to the next lead from its underbilled and overbilled amounts to this one's.
with

changes as (
  select
    period,
    currency,
    sum(case when appeared_monthly > 0 then appeared_monthly else 0 end
      + case when resolved_monthly < 0 then resolved_monthly else 0 end
      + case when uncompared_monthly < 0 then uncompared_monthly else 0 end
      + case when coalesce(nullif(previous_impact_monthly, 0), impact_monthly) > 0 then quantity_monthly + price_monthly else 0 end
    ) as underbilled,
    -sum(case when appeared_monthly < 0 then appeared_monthly else 0 end
      + case when resolved_monthly > 0 then resolved_monthly else 0 end
      + case when uncompared_monthly > 0 then uncompared_monthly else 0 end
      + case when coalesce(nullif(previous_impact_monthly, 0), impact_monthly) < 0 then quantity_monthly + price_monthly else 0 end
    ) as overbilled
  from history_changes
  group by period, currency
)

select
  months.period,
  months.currency,
  months.underbilled_monthly,
  coalesce(earlier.underbilled_monthly, 0) + coalesce(changes.underbilled, 0) as underbilled_by_changes,
  months.overbilled_monthly,
  coalesce(earlier.overbilled_monthly, 0) + coalesce(changes.overbilled, 0) as overbilled_by_changes
from history as months
left join history as earlier on months.previous_period = earlier.period and months.currency = earlier.currency
left join changes on months.period = changes.period and months.currency = changes.currency
where
  months.previous_period is not null
  and (
    months.underbilled_monthly <> coalesce(earlier.underbilled_monthly, 0) + coalesce(changes.underbilled, 0)
    or months.overbilled_monthly <> coalesce(earlier.overbilled_monthly, 0) + coalesce(changes.overbilled, 0)
  )
