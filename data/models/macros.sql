-- Exact decimal arithmetic and the few expressions that differ between engines. Everything else in the models is
-- portable SQL; what another engine needs besides its own version of this file is said in loaders/engines/README.md.

-- DuckDB divides 128-bit integers bit by bit, which takes thirty times as long as with 64 bits. What fits is divided as such.
create macro fits_bigint(n) as n between -1000000000000000000 and 1000000000000000000;

-- Quantities as whole ten-thousandths, prices as whole millionths, amounts as whole hundredths.
create macro quantity_units(quantity) as case
  when quantity between -99999999 and 99999999 then cast(cast(cast(quantity as decimal(13, 4)) * 10000 as bigint) as hugeint)
  else cast(cast(quantity as decimal(38, 4)) * 10000 as hugeint)
end;
create macro price_units(price) as case
  when price between -9999 and 9999 then cast(cast(cast(price as decimal(11, 6)) * 1000000 as bigint) as hugeint)
  else cast(cast(price as decimal(38, 6)) * 1000000 as hugeint)
end;
create macro amount_units(amount) as case
  when amount between -9999999999 and 9999999999 then cast(cast(cast(amount as decimal(15, 2)) * 100 as bigint) as hugeint)
  else cast(cast(amount as decimal(38, 2)) * 100 as hugeint)
end;
-- What a rule multiplies by, as whole ten-billionths: 1/1024 has ten decimals.
create macro multiplier_units(multiplier) as cast(cast(multiplier as decimal(38, 10)) * 10000000000 as hugeint);
create macro units_to_quantity(units) as cast(cast(units as decimal(38, 0)) * cast(0.0001 as decimal(5, 4)) as decimal(18, 4));
create macro units_to_price(units) as cast(cast(units as decimal(32, 0)) * cast(0.000001 as decimal(6, 6)) as decimal(18, 6));
create macro units_to_amount(units) as cast(cast(units as decimal(36, 0)) * cast(0.01 as decimal(2, 2)) as decimal(18, 2));

-- n / d as a whole number, rounded half away from zero: the remainder is dropped towards zero after half a divisor is added on
-- the side of the sign. Null where d is 0.
create macro with_half(n, d) as 2 * n + case when (n < 0) = (d < 0) then d else -d end;
create macro round_div(n, d) as case
  when d = 0 then null
  when fits_bigint(n) and fits_bigint(d)
    then cast(with_half(cast(n as bigint), cast(d as bigint)) // (2 * cast(d as bigint)) as hugeint)
  else with_half(cast(n as hugeint), cast(d as hugeint)) // (2 * cast(d as hugeint))
end;

-- n / d as a whole number, rounded up; d is positive.
create macro ceil_div(n, d) as case when n >= 0 then (n + d - 1) // d else -((-n) // d) end;

-- quantity × price as an amount, rounded half away from zero once. Small factors are multiplied in 64 bits.
create macro multiply_to_amount(quantity, price) as case
  when abs(quantity) < 10000 and abs(price) < 10000
    then cast(cast(quantity as decimal(18, 4)) * cast(price as decimal(18, 6)) as decimal(18, 2))
  else cast(cast(quantity as decimal(19, 4)) * cast(price as decimal(18, 6)) as decimal(18, 2))
end;

-- The share part / whole with six decimals; null where the whole is 0.
create macro share_of(part, whole) as units_to_price(round_div(cast(part as hugeint) * 1000000, cast(whole as hugeint)));

-- The same day n months later, or the last day of that month where it has no such day.
create macro add_months(day, n) as cast(cast(day as date) + to_months(cast(n as integer)) as date);
create macro months_between(earlier, later) as (year(later) - year(earlier)) * 12 + month(later) - month(earlier);
-- The month of a day as people and file names write it: '2026-11'.
create macro month_of(day) as substr(cast(day as varchar), 1, 7);
create macro first_of_month(day) as cast(date_trunc('month', cast(day as date)) as date);
-- By way of the microseconds: `at time zone` asks a calendar for every row, which takes twenty times as long.
create macro utc_date(instant) as cast(make_timestamp(epoch_us(cast(instant as timestamptz))) as date);

create macro day_before(day) as cast(cast(day as date) - 1 as date);
create macro days_between(earlier, later) as later - earlier;
create macro add_hours(instant, n) as instant + to_hours(n);

-- A whole number divided by another, the remainder dropped; neither is negative.
create macro whole_div(a, b) as a // b;

-- One row per part of a text.
create macro parts_of(text, separator) as unnest(string_split(text, separator));

-- The texts of a group in one, in their own order. Not by string_agg, which wants a constant separator before DuckDB 1.5.
create macro joined(text, separator) as
  array_to_string(list(text order by text) filter (where text is not null), separator);
create macro joined_distinct(text, separator) as
  array_to_string(list(distinct text order by text) filter (where text is not null), separator);

-- A decimal as people write it: 12.5, not 12.500000.
create macro number_text(number) as regexp_replace(cast(number as varchar), '\.0*$|(\.\d*?)0+$', '\1');

-- Money as people write it, two decimals at least: 12.50 USD.
create macro money_text(amount, currency) as number_text(amount) || case
  when number_text(amount) not like '%.%' then '.00'
  when number_text(amount) not like '%.__%' then '0'
  else ''
end || ' ' || currency;

-- A text without spaces around it, those of other scripts among them. trim goes by characters; to see that an ASCII text has
-- none takes a quarter of the time.
create macro trimmed(text) as case
  when starts_with(text, ' ') or ends_with(text, ' ') or strlen(text) <> length(text) then trim(text)
  else text
end;

-- A text without capitals, those of other alphabets among them: 'MÜLLER' → 'müller'.
create macro small_letters(text) as lower(text);

-- What can be seen of a text, without capitals: 'C 1' with a blank of no width → 'c1'.
create macro visible_letters(text) as small_letters(regexp_replace(text, '[\p{Z}\p{C}]+', '', 'g'));

-- Whom an identifier of a seat names: spaces around it and capitals make no difference. Null where it names nobody.
create macro identity_key(identifier) as nullif(small_letters(trimmed(identifier)), '');

-- The first n characters of a text, and what stands in it before the first separator.
create macro first_characters(text, n) as left(text, n);
create macro part_before(text, separator) as split_part(text, separator, 1);

-- Several texts as one that no other texts give.
create macro text_key(a, b, c, d) as
  concat_ws(chr(31), coalesce(a, ''), coalesce(b, ''), coalesce(c, ''), coalesce(d, ''));

-- What the times of a seat say about its use, where its vendor reports it: active, inactive, never_active, new or unknown.
create macro activity_of(last_activity_at, created_at, as_of_date, inactive_after_days) as case
  when last_activity_at is not null
    then case when days_between(utc_date(last_activity_at), as_of_date) > inactive_after_days then 'inactive' else 'active' end
  when created_at is null then 'unknown'
  when days_between(utc_date(created_at), as_of_date) > inactive_after_days then 'never_active'
  else 'new'
end;

-- A short id for a row, the same in every run.
create macro row_id(a, b, c, d) as substr(md5(text_key(a, coalesce(b, chr(30)), coalesce(c, chr(30)), coalesce(d, chr(30)))), 1, 16);

-- A text in small letters, each of them one that a keyboard without them has: 'Łódź Straße' → 'lodz strasse'.
create macro plain_letters(text) as
  translate(
    replace(replace(replace(replace(strip_accents(lower(text)), 'ß', 'ss'), 'æ', 'ae'), 'œ', 'oe'), 'þ', 'th'), 'øłđðı', 'olddi'
  );

-- A name without case, accents, punctuation, legal form and article: 'The Acme Co., Ltd.' → 'acme'. An apostrophe, and the dot
-- after a single letter, stand within a word: 'O''Brien L.L.C.' → 'obrien llc'. Of a name without any letter or digit nothing
-- is taken away: '---' and '***' are two names.
create macro plain_name(name) as coalesce(
  nullif(
    trim(
      regexp_replace(
        regexp_replace(
          plain_letters(regexp_replace(replace(name, '&', ' and '), '[''’ʼ`´]', '', 'g')),
          '\b([a-z])\.', '\1', 'g'
        ),
        '[^\p{L}\p{N}]+', ' ', 'g'
      )
    ),
    ''
  ),
  trimmed(name)
);
create macro normal_name(name) as coalesce(
  nullif(
    regexp_replace(
      regexp_replace(plain_name(name), '^the ', ''),
      '(( and)? (inc|incorporated|llc|llp|lp|ltd|limited|gmbh|gbr|mbh|ug|ag|kg|ohg|ev|bv|nv|sa|sas|sarl|srl|sl|spa|lda|ltda|plc|pty|pte|co|corp|corporation|company|oy|ab|as|asa|aps|kk|pc|pllc|sro|doo|kft|sp z oo|a s|the))+$',
      ''
    ),
    ''
  ),
  plain_name(name)
);

-- How alike two words are, 0 to 1, as a decimal so that sums do not depend on their order.
create macro word_similarity(a, b) as cast(round(jaro_winkler_similarity(a, b), 4) as decimal(5, 4));
