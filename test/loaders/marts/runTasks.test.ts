import {getEventListeners} from "node:events";
import {afterAll, beforeAll, expect, it} from "vitest";
import {type Database, openDatabase} from "../../../loaders/database.js";
import {readMacros} from "../../../loaders/marts/models.js";
import {runTasks, type Task} from "../../../loaders/marts/runTasks.js";

let database: Database;
beforeAll(async () => {
  database = await openDatabase();
});
afterAll(() => database.close());

it("begins a task when those before it have ended, whatever their place in the list", async () => {
  const table = (name: string, sql: string, ...after: string[]): Task => ({
    name,
    after,
    run: (own) => own.run(`create table ${name} as ${sql}`),
  });
  const told: [number, number, string][] = [];
  const tasks = [
    table("total", "select sum(n) as n from doubled", "doubled"),
    table("doubled", "select 2 * n as n from numbers", "numbers"),
    table("numbers", "select range as n from range(10)"),
  ];
  await runTasks(database, tasks, {progress: (...done) => told.push(done)});
  expect(await database.rows("select n from total")).toEqual([{n: "90"}]);
  expect(told).toEqual([
    [1, 3, "numbers"],
    [2, 3, "doubled"],
    [3, 3, "total"],
  ]);
});

it("fails with the first failure, begins nothing more, and waits for what is running", async () => {
  const seen: string[] = [];
  let fail = (): void => {};
  const failed = new Promise<void>((resolve) => {
    fail = resolve;
  });
  const tasks: Task[] = [
    {
      name: "slow",
      after: [],
      run: async () => {
        await failed;
        await new Promise((done) => setTimeout(done, 10));
        seen.push("slow");
        throw new Error("It was slow as well.");
      },
    },
    {name: "broken", after: [], run: (own) => own.run("select * from nothing_of_the_kind").finally(fail)},
    {
      name: "later",
      after: ["slow"],
      run: async () => {
        seen.push("later");
      },
    },
  ];
  await expect(runTasks(database, tasks, {parallel: 2})).rejects.toThrow(/nothing_of_the_kind/);
  expect(seen).toEqual(["slow"]);
});

it("stops when told to: what is running is interrupted, nothing more begins", async () => {
  const stop = new AbortController();
  const begun: string[] = [];
  const tasks: Task[] = [
    {
      name: "endless",
      after: [],
      run: async (own) => {
        begun.push("endless");
        setTimeout(() => stop.abort(new Error("Stopped.")), 20);
        await own.rows("select max(a.range * b.range) as n from range(1000000) as a, range(1000000) as b");
      },
    },
    {
      name: "later",
      after: ["endless"],
      run: async () => {
        begun.push("later");
      },
    },
  ];
  await expect(runTasks(database, tasks, {signal: stop.signal})).rejects.toThrow(/^Stopped\.$/);
  expect(begun).toEqual(["endless"]);
});

it("leaves no connection open and waits for no signal any more", async () => {
  const {signal} = new AbortController();
  const open = () => database.rows("select count from duckdb_connection_count()");
  const before = await open();
  await runTasks(database, [{name: "only", after: [], run: (own) => own.run("select 1")}], {signal});
  expect(await open()).toEqual(before);
  expect(getEventListeners(signal, "abort")).toEqual([]);
});

it("says which task waits for what is no task", async () => {
  const tasks: Task[] = [
    {name: "first", after: [], run: async () => {}},
    {name: "second", after: ["first", "third"], run: async () => {}},
  ];
  await expect(runTasks(database, tasks)).rejects.toThrow("second waits for third, which never ends.");
});

it("takes the day of an instant in UTC, also before 1970", async () => {
  await database.run(await readMacros());
  expect(
    await database.rows(
      `select utc_date(timestamptz '2026-11-23 01:00:00+02:00')::varchar as a, utc_date(timestamptz '1969-12-31 23:59:59.999999Z')::varchar as b,
         utc_date(null) as c`,
    ),
  ).toEqual([{a: "2026-11-22", b: "1969-12-31", c: null}]);
});
