-- Every flag that a model raises has its code and severity in flag_codes.
select raised.flag_code, raised.client_id, raised.line_id
from (
  select flag_code, client_id, line_id from price_flags
  union all
  select flag_code, client_id, line_id from amount_flags
  union all
  select flag_code, client_id, line_id from period_flags
) as raised
left join flag_codes as codes on raised.flag_code = codes.flag_code
where codes.flag_code is null
