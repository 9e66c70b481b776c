/** Reasons that the page names of a connection, and rows that it shows of each: it stays as short with any data. */
const mostReasons = 20;
const mostRows = 5;

/** What the sync in use of each connection quarantined, and how much of it is told row by row. */
const quarantines = {
  sql: `select connection_id, health, inputs.fingerprint as sync_id, rows_quarantined, row_count, reason_count
    from integrations
    inner join inputs_used as inputs on inputs.kind = 'sync' and inputs.name = connection_id
    left join (
      select connection_id, count(*) as row_count, count(distinct (table_name, column_name, reason)) as reason_count
      from quarantined_rows
      group by connection_id
    ) as told using (connection_id)
    where rows_quarantined > 0`,
  order: "connection_id",
};

/** The first rows of the most frequent reasons. */
const quarantined = {
  sql: `select connection_id, reason_place, table_name, column_name, reason, reason_rows, row_number, file, line, record_id, value
    from (
      select *, dense_rank() over (partition by connection_id order by reason_rows desc, first_row) as reason_place
      from (
        select *,
          count(*) over same as reason_rows,
          min(row_number) over same as first_row,
          row_number() over (same order by row_number) as row_place
        from quarantined_rows
        window same as (partition by connection_id, table_name, column_name, reason)
      ) as counted
    ) as ranked
    where reason_place <= ${mostReasons} and row_place <= ${mostRows}`,
  order: "connection_id, reason_place, row_number",
};

export const quarantineData = {quarantines, quarantined};
