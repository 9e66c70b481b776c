import {quarantineData} from "./quarantineData.js";

/** What the page of integrations reads, as tables of SQL over the marts. */
export const integrations = {
  integrations: {sql: "select * from integrations", order: "kind, connection_id"},
  ...quarantineData,
  problems: {sql: "select * from data_problems", order: "problem, table_name, column_name, missing_id"},
};
