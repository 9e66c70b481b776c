import {mkdtemp, rm} from "node:fs/promises";
import {tmpdir} from "node:os";
import {join} from "node:path";
import {afterEach, beforeEach, describe, expect, it} from "vitest";
import {type Database, openDatabase} from "../../../loaders/database.js";
import {allowObjectStorage, readStorageAccess, secretStatement} from "../../../loaders/lake/objectStorage.js";
import {ConfigurationError} from "../../../loaders/problems.js";

const keys = {AWS_ACCESS_KEY_ID: "AKIAEXAMPLE", AWS_SECRET_ACCESS_KEY: "it's hush/hush"};

describe("what DuckDB is told of object storage", () => {
  it("are the keys and the region of the environment", () => {
    expect(secretStatement(readStorageAccess({...keys, AWS_REGION: "eu-north-1", AWS_SESSION_TOKEN: "t0ken"}))).toBe(
      "create or replace temporary secret lake (type s3, provider 'config', key_id 'AKIAEXAMPLE', secret 'it''s hush/hush', session_token 't0ken', region 'eu-north-1')",
    );
  });

  it("is to look where AWS's own tools do if there are no keys", () => {
    expect(secretStatement(readStorageAccess({AWS_DEFAULT_REGION: "us-east-1"}))).toBe(
      "create or replace temporary secret lake (type s3, provider 'credential_chain', region 'us-east-1')",
    );
  });

  it.each([
    ["https://minio.example:9000", "minio.example:9000", true],
    ["http://127.0.0.1:9000/", "127.0.0.1:9000", false],
  ])("is another endpoint such as %s, with the bucket in its paths", (address, host, isSecure) => {
    const env = {...keys, AWS_ENDPOINT_URL: "https://other.example", AWS_ENDPOINT_URL_S3: address};
    expect(secretStatement(readStorageAccess(env))).toMatch(
      `endpoint '${host}', url_style 'path', use_ssl ${isSecure})`,
    );
  });

  it.each([
    [{AWS_ACCESS_KEY_ID: "AKIAEXAMPLE"}, "AWS_SECRET_ACCESS_KEY"],
    [{AWS_SECRET_ACCESS_KEY: "hush-hush"}, "AWS_ACCESS_KEY_ID"],
    [{...keys, AWS_ENDPOINT_URL: "minio:9000"}, "AWS_ENDPOINT_URL"],
    [{...keys, AWS_ENDPOINT_URL_S3: "https://minio.example/bucket"}, "AWS_ENDPOINT_URL_S3"],
  ])("is refused where %j does not fit together, without repeating a value", (env, variable) => {
    const read = () => readStorageAccess(env);
    expect(read).toThrow(ConfigurationError);
    try {
      read();
    } catch (error) {
      expect((error as ConfigurationError).problems).toMatchObject([{file: variable}]);
      expect(JSON.stringify((error as ConfigurationError).problems)).not.toContain("hush");
    }
  });
});

describe("a database", () => {
  let folder: string;
  let database: Database;
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), "trueup-storage-"));
    database = await openDatabase();
    // Neither an extension that was fetched before nor a place to fetch it from.
    await database.run(`set extension_directory = '${folder}/extensions'`);
    await database.run(`set custom_extension_repository = '${folder}/nowhere'`);
  });
  afterEach(async () => {
    database.close();
    await rm(folder, {recursive: true, force: true});
  });

  it("says what to do where the extension cannot be had, and nothing of the keys", async () => {
    const failure = await allowObjectStorage(database, ["s3://acme/lake"], readStorageAccess(keys)).catch(
      (error: Error) => error.message,
    );
    expect(failure).toMatch(/^DuckDB's extension httpfs, which s3:\/\/ needs, cannot be had: .*nowhere/);
    const [row] = await database.rows("select version() as version, platform from pragma_platform()");
    expect(failure).toContain(
      `Let this machine reach extensions.duckdb.org once, or put httpfs.duckdb_extension into ${folder}/extensions/${row?.version}/${row?.platform}.`,
    );
    expect(failure).not.toContain("hush");
  });

  it("needs no extension for a lake on this machine", async () => {
    await allowObjectStorage(database, [`${folder}/lake/rmm`, "file:///lake"], null);
    const [httpfs] = await database.rows("select loaded from duckdb_extensions() where extension_name = 'httpfs'");
    expect(httpfs).toEqual({loaded: false});
  });
});
