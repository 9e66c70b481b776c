import {expect, it} from "vitest";
import {reconcileRows} from "./harness.js";
import {ordinaryWorld} from "./ordinary.js";

const line = {connection_id: "m365", table_name: "seats", file: "seats.csv", reason: "expected a day"};
const record = {connection_id: "m365", table_name: "seats", file: "GET /users?cursor=abc", reason: "expected a text"};

async function values(...rows: readonly Record<string, unknown>[]): Promise<unknown[]> {
  const quarantine = rows.map((row, index) => ({row_number: index + 1, ...row}));
  return (
    (await reconcileRows(ordinaryWorld({quarantine}), ["quarantined_rows"])).quarantined_rows?.map(
      ({value}) => value,
    ) ?? []
  );
}

it("are none where everything fits", async () => {
  expect(await values()).toEqual([]);
});

it("are told with file and line, or request and record, in the order of each connection", async () => {
  const quarantine = [
    {...record, row_number: 2, record_id: "id 7", column_name: "name", value: "7"},
    {...line, row_number: 1, file: "seats?.csv", line: 12, column_name: "created_at", value: "soon"},
    {...line, connection_id: "psa", row_number: 1, line: 3, column_name: "start_date", value: null},
  ];
  expect((await reconcileRows(ordinaryWorld({quarantine}), ["quarantined_rows"])).quarantined_rows).toEqual([
    {
      ...line,
      row_number: "1",
      file: "seats?.csv",
      line: "12",
      record_id: null,
      column_name: "created_at",
      value: "soon",
    },
    {...record, row_number: "2", file: "GET /users", line: null, record_id: "id 7", column_name: "name", value: "7"},
    {
      ...line,
      ...{connection_id: "psa", row_number: "1", line: "3", record_id: null, column_name: "start_date", value: null},
    },
  ]);
});

it("show nothing of whole lines and records, nor of what stands in a vendor's field", async () => {
  expect(
    await values(
      {...line, line: 2, column_name: null, value: "ann,hunter2"},
      {...record, record_id: "id 1", column_name: null, value: '"hunter2"'},
      {...record, record_id: "id 1", column_name: "owner", value: '{"password":"hunter2"}'},
      {...record, record_id: "id 1", column_name: "owner", value: '["hunter2"]'},
      {...record, record_id: "id 1", column_name: "owner", value: '"Ann"'},
    ),
  ).toEqual([null, null, "{…}", "[…]", '"Ann"']);
});

it("show what stands in a column of a file as it is, as far as it is not long, and nothing as null", async () => {
  const long = "ß".repeat(300);
  expect(
    await values(
      {...line, line: 2, column_name: "kind", value: "{x}"},
      {...line, line: 3, column_name: "kind", value: long},
      {...line, line: 4, column_name: "kind", value: ""},
    ),
  ).toEqual(["{x}", "ß".repeat(200), null]);
});
