-- The macros of macros.sql for ClickHouse: the same names, arguments and results. What each means stands there.

create or replace function quantity_units as (quantity) -> cast(cast(quantity as decimal(38, 4)) * 10000 as Int128);
create or replace function price_units as (price) -> cast(cast(price as decimal(38, 6)) * 1000000 as Int128);
create or replace function amount_units as (amount) -> cast(cast(amount as decimal(38, 2)) * 100 as Int128);
create or replace function multiplier_units as (multiplier) -> cast(cast(multiplier as decimal(38, 10)) * 10000000000 as Int128);
create or replace function units_to_quantity as (units) -> cast(cast(toString(units) as decimal(38, 0)) * cast(0.0001 as decimal(5, 4)) as decimal(18, 4));
create or replace function units_to_price as (units) -> cast(cast(toString(units) as decimal(38, 0)) * cast(0.000001 as decimal(7, 6)) as decimal(18, 6));
create or replace function units_to_amount as (units) -> cast(cast(toString(units) as decimal(38, 0)) * cast(0.01 as decimal(3, 2)) as decimal(18, 2));

create or replace function whole_div as (a, b) -> intDiv(a, b);
-- intDiv drops the remainder towards zero, so that half a divisor is added on the side of the sign.
create or replace function round_div as (n, d) -> cast(
  intDiv(
    2 * cast(n as Int128) + case when (n < 0) = (d < 0) then cast(d as Int128) else -cast(d as Int128) end,
    2 * cast(nullif(d, 0) as Int128)
  ) as Int128
);
create or replace function ceil_div as (n, d) -> cast(case when n >= 0 then intDiv(n + d - 1, d) else -intDiv(-n, d) end as Int128);

create or replace function multiply_to_amount as (quantity, price) ->
  units_to_amount(round_div(quantity_units(quantity) * price_units(price), cast(100000000 as Int128)));
create or replace function share_of as (part, whole) -> units_to_price(round_div(cast(part as Int128) * 1000000, cast(whole as Int128)));

create or replace function add_months as (day, n) -> addMonths(cast(day as Date32), n);
create or replace function months_between as (earlier, later) ->
  cast((toYear(later) - toYear(earlier)) * 12 + toMonth(later) - toMonth(earlier) as Int32);
create or replace function month_of as (day) -> substr(cast(day as String), 1, 7);
create or replace function first_of_month as (day) -> cast(toStartOfMonth(cast(day as Date32)) as Date32);
create or replace function utc_date as (instant) -> toDate32(instant);
create or replace function day_before as (day) -> addDays(cast(day as Date32), -1);
create or replace function days_between as (earlier, later) -> dateDiff('day', earlier, later);
create or replace function activity_of as (last_activity_at, created_at, as_of_date, inactive_after_days) -> case
  when last_activity_at is not null
    then case when days_between(utc_date(last_activity_at), as_of_date) > inactive_after_days then 'inactive' else 'active' end
  when created_at is null then 'unknown'
  when days_between(utc_date(created_at), as_of_date) > inactive_after_days then 'never_active'
  else 'new'
end;
create or replace function add_hours as (instant, n) -> addHours(instant, n);

create or replace function parts_of as (text, separator) -> arrayJoin(splitByString(separator, ifNull(text, '')));
create or replace function trimmed as (text) -> replaceRegexpAll(text, '^\\p{Zs}+|\\p{Zs}+$', '');
create or replace function small_letters as (text) -> lowerUTF8(text);
create or replace function visible_letters as (text) -> small_letters(replaceRegexpAll(text, '[\\p{Z}\\p{C}]+', ''));
create or replace function identity_key as (identifier) -> nullif(small_letters(trimmed(identifier)), '');
-- Null where no text is there, as in DuckDB.
create or replace function joined as (text, separator) ->
  case when count(text) > 0 then arrayStringConcat(arraySort(groupArray(text)), separator) end;
create or replace function joined_distinct as (text, separator) ->
  case when count(text) > 0 then arrayStringConcat(arraySort(groupUniqArray(text)), separator) end;
create or replace function first_characters as (text, n) -> leftUTF8(text, n);
create or replace function part_before as (text, separator) -> splitByString(separator, ifNull(text, ''))[1];
create or replace function number_text as (number) -> toString(number);
create or replace function money_text as (amount, currency) -> number_text(amount) || case
  when number_text(amount) not like '%.%' then '.00'
  when number_text(amount) not like '%.__%' then '0'
  else ''
end || ' ' || currency;
create or replace function text_key as (a, b, c, d) -> concatWithSeparator(char(31), ifNull(a, ''), ifNull(b, ''), ifNull(c, ''), ifNull(d, ''));
create or replace function row_id as (a, b, c, d) -> substr(lower(hex(MD5(text_key(a, coalesce(b, char(30)), coalesce(c, char(30)), coalesce(d, char(30)))))), 1, 16);

create or replace function plain_letters as (text) ->
  translateUTF8(
    replaceAll(
      replaceAll(
        replaceAll(
          replaceAll(replaceRegexpAll(normalizeUTF8NFKD(lowerUTF8(text)), '\\p{Mn}', ''), 'ß', 'ss'),
          'æ', 'ae'
        ),
        'œ', 'oe'
      ),
      'þ', 'th'
    ),
    'øłđðı', 'olddi'
  );
create or replace function plain_name as (name) -> coalesce(
  nullif(
    trim(
      replaceRegexpAll(
        replaceRegexpAll(
          plain_letters(replaceRegexpAll(replaceAll(name, '&', ' and '), '[\'’ʼ`´]', '')),
          '\\b([a-z])\\.', '\\1'
        ),
        '[^\\p{L}\\p{N}]+', ' '
      )
    ),
    ''
  ),
  trimmed(name)
);
create or replace function normal_name as (name) -> coalesce(
  nullif(
    replaceRegexpOne(
      replaceRegexpOne(plain_name(name), '^the ', ''),
      '(( and)? (inc|incorporated|llc|llp|lp|ltd|limited|gmbh|gbr|mbh|ug|ag|kg|ohg|ev|bv|nv|sa|sas|sarl|srl|sl|spa|lda|ltda|plc|pty|pte|co|corp|corporation|company|oy|ab|as|asa|aps|kk|pc|pllc|sro|doo|kft|sp z oo|a s|the))+$',
      ''
    ),
    ''
  ),
  plain_name(name)
);
create or replace function word_similarity as (a, b) -> cast(round(jaroWinklerSimilarity(a, b), 4) as decimal(5, 4));
