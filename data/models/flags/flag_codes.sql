-- Every flag with its severity.
select *
from (
  values
    ('missing_unit_price', 'error'),
    ('zero_unit_price', 'info'),
    ('inconsistent_unit_price', 'error'),
    ('price_differs_from_agreement', 'warning'),
    ('price_changed', 'info'),
    ('price_below_cost', 'warning'),
    ('amount_mismatch', 'error'),
    ('total_mismatch', 'warning'),
    ('duplicate_line', 'warning'),
    ('negative_without_parent', 'warning'),
    ('fractional_quantity', 'info'),
    ('agreement_ended', 'error'),
    ('not_invoiced', 'warning'),
    ('period_gap', 'warning'),
    ('period_overlap', 'warning'),
    ('currency_mismatch', 'error')
) as codes (flag_code, severity)
