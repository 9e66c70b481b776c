/** How exports of another shape become the files that the CSV connectors read, as Markdown. The tests run its statements. */
export const otherShapes = `## From exports of another shape

In Excel:

- Fetch an export with Data, From Text/CSV and make columns of ids text there. Where it is just opened, 00123 becomes 123 and
  long ids are rounded.
- Take out what stands above the header, and totals. What is unknown stays empty: not N/A, not - and not 0.
- Show dates as yyyy-mm-dd and numbers as General: a CSV holds what is shown.
- Ends are the first day no longer covered. Most products export the last day: add 1.
- Save as CSV UTF-8. Where decimals have commas, that separates columns by semicolons, unless you clear *Use system separators*
  under File, Options, Advanced, with a dot for decimals and a comma for thousands. Do so after the export was opened: it would
  take 22,00 for 2200.

Where an export has names and no ids, a name that is there once can be the id, as in
\`columns: {clients: {client_id: "Company", client_name: "Company"}}\`; whoever is renamed is then somebody else. A column whose
header is one of ours by chance is read as such: rename it where it means something else, such as a \`Status\` of other words.

One row that has to become several takes SQL. These statements are for DuckDB (duckdb.org); run them in the folder of the
workspace. The first are for what the Microsoft 365 admin center exports, a file for each tenant, named by its domain: active
users in \`exports/users\`, and the licences of its billing in \`exports/licences\`. A user has all licences in one cell,
\`Microsoft 365 Business Premium+Visio Plan 2\`.

\`\`\`sql
create table users as
select *, parse_filename(filename, true) as account_id
from read_csv('exports/users/*.csv', all_varchar = true, filename = true, union_by_name = true);
create table licences as
select *, parse_filename(filename, true) as account_id, trim("Product Title") as product_id
from read_csv('exports/licences/*.csv', all_varchar = true, filename = true, union_by_name = true);
create table seats as
select "Object Id" as seat_id, account_id, trim(unnest(string_split("Licenses", '+'))) as product_id, 'user' as kind,
  "Display name" as display_name, "User principal name" as identifier,
  if(lower("Block credential") = 'true', 'disabled', 'active') as status, "When created" as created_at
from users where "Licenses" <> 'Unlicensed';

copy (select distinct account_id, account_id as account_name, account_id as domain from users) to 'imports/m365/accounts.csv';
copy (select product_id, product_id as product_name from seats union select product_id, product_id from licences)
  to 'imports/m365/products.csv';
copy seats to 'imports/m365/seats.csv';
copy (
  select account_id, product_id, 'purchased' as metric, "Total Licenses" as quantity from licences
  union all select account_id, product_id, 'assigned', "Assigned licenses" from licences
) to 'imports/m365/counts.csv';
\`\`\`

These are for two lists of a PSA, agreements and their additions, with names, days as 11/30/2026 and money as $1,234.50:

\`\`\`sql
create macro day_of(text) as cast(strptime(text, '%m/%d/%Y') as date);
create macro number_of(text) as cast(regexp_replace(text, '[$,\\s]', '', 'g') as decimal(18, 6));
create table agreements as
select *, "Company Name" || ' / ' || "Agreement Name" as agreement_id
from read_csv('exports/agreements.csv', all_varchar = true) where "Company Name" is not null;
create table additions as
select *, "Company Name" || ' / ' || "Agreement Name" as agreement_id
from read_csv('exports/additions.csv', all_varchar = true) where "Company Name" is not null;

copy (select distinct "Company Name" as client_id, "Company Name" as client_name from agreements) to 'imports/psa/clients.csv';
copy (select "Product ID" as service_id, min("Description") as service_name from additions group by all)
  to 'imports/psa/services.csv';
copy (
  select agreement_id, "Company Name" as client_id, "Agreement Name" as agreement_name, "Billing Cycle" as billing_cycle,
    day_of("Date Start") as start_date, day_of("Date End") + 1 as end_date
  from agreements
) to 'imports/psa/agreements.csv';
copy (
  select agreement_id || ' / ' || row_number() over (partition by agreement_id order by "Product ID", "Effective") as agreement_line_id,
    agreement_id, "Product ID" as service_id, "Description" as description, number_of("Quantity") as quantity,
    number_of("Price") as unit_price, day_of("Effective") as start_date, day_of("Cancelled") as end_date
  from additions
) to 'imports/psa/agreement_lines.csv';
\`\`\`

A file with semicolons is read with \`delim = ';'\` besides, one that is not UTF-8 with \`encoding = 'latin-1'\` or \`'utf-16'\`, one with
a title of two lines with \`skip = 2\`. Write 30.11.2026 as \`'%d.%m.%Y'\`, and 1.234,50 as \`replace(replace(text, '.', ''), ',', '.')\`.`;
