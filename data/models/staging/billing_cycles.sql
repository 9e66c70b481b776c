-- The billing cycles and their length in months. A one-off bill has no length: it counts as one month and is not recurring.
select *
from (
  values
    ('monthly', 1, true),
    ('quarterly', 3, true),
    ('semiannual', 6, true),
    ('annual', 12, true),
    ('one_time', 1, false)
) as cycles (billing_cycle, months, is_recurring)
