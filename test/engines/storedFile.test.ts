import {expect, it} from "vitest";
import {storedFile} from "../../loaders/engines/clickhouse/storedFile.js";
import {readStorageAccess} from "../../loaders/lake/objectStorage.js";

const path = "s3://acme-lake/msp/m365/20261123T020000000Z/seats.parquet";

it("has ClickHouse read a file at Amazon with its own role where there are no keys", () => {
  expect(storedFile(path, "`seat_id` String", readStorageAccess({AWS_REGION: "eu-north-1"}))).toBe(
    "s3('https://s3.eu-north-1.amazonaws.com/acme-lake/msp/m365/20261123T020000000Z/seats.parquet', 'Parquet', '`seat_id` String')",
  );
});

it("has it read from other storage with the keys there are", () => {
  const env = {
    ...{AWS_ACCESS_KEY_ID: "id", AWS_SECRET_ACCESS_KEY: "it's hush", AWS_SESSION_TOKEN: "token"},
    AWS_ENDPOINT_URL: "http://127.0.0.1:9000",
  };
  expect(storedFile(path, "x", readStorageAccess(env))).toBe(
    "s3('http://127.0.0.1:9000/acme-lake/msp/m365/20261123T020000000Z/seats.parquet', 'id', 'it''s hush', 'token', 'Parquet', 'x')",
  );
});
