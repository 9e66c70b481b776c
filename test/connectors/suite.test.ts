import {afterEach, describe, expect, it} from "vitest";
import type {Fault, VendorRequest} from "../vendors/emulator.js";
import {vendors} from "../vendors/index.js";
import {changed, type Vendor} from "../vendors/vendor.js";
import {makeWorld, type World} from "../vendors/world.js";
import {checkBodies, documentFolder} from "./checkBodies.js";
import {checkRequests} from "./checkRequests.js";
import {noteOutcome} from "./outcomes.js";
import {asStored, findSecrets, openVendor, readLake, readQuarantine, type VendorRun} from "./syncVendor.js";

/** What every connector must do, whatever its vendor does. */

const world = makeWorld();
let run: VendorRun;
afterEach(() => run.close());

const open = async (vendor: Vendor, given: World = world, options?: Parameters<typeof openVendor>[2]) => {
  run = await openVendor(vendor, given, options);
  return run;
};

const refusal = {status: 401, body: {message: "Invalid authentication"}};

const secretsIn = (vendor: Pick<Vendor, "env">, ...texts: readonly string[]) =>
  findSecrets(run.directory, vendor, ...texts);

describe.each(vendors.map((vendor) => [vendor.name, vendor] as const))("%s", (_, vendor) => {
  const isStream = (request: VendorRequest) => vendor.stream.matches(request);
  let stored: ReturnType<typeof asStored> | undefined;
  const expected = () => {
    stored ??= asStored(vendor.expected(world));
    return stored;
  };

  it("fills the lake with exactly what the vendor has", async () => {
    await open(vendor);
    const record = await run.sync();
    expect(record.error).toBeNull();
    expect(record).toMatchObject({status: "succeeded", rows_quarantined: 0});
    expect(await readLake(run.directory)).toEqual(await expected());
    expect(run.emulator.exchanges.filter(({request}) => isStream(request)).length).toBeGreaterThan(2);
    expect(await secretsIn(vendor, JSON.stringify(record))).toEqual([]);
  });

  it("has a double that says whether there are tokens, and changes to ask for, so that both are tried", async () => {
    await open(vendor);
    const {state} = await run.sync();
    const hasTokens = run.emulator.exchanges.some(({body}) => JSON.stringify(body).includes('"access_token"'));
    expect(vendor.isToken !== undefined).toBe(hasTokens);
    expect(vendor.changes !== undefined).toBe(state !== null);
  });

  it("reads with GET, and with POST only where the vendor reads so", async () => {
    await open(vendor);
    await run.sync();
    const written = run.emulator.exchanges.filter(({request}) => !["GET", "POST"].includes(request.method));
    expect(written).toEqual([]);
  });

  it("stays within the vendor's limits", async () => {
    await open(vendor, world, {most: 60});
    const record = await run.sync({isUnlimited: false});
    expect(record.status).toBe("succeeded");
    expect(run.emulator.exchanges.filter(({status}) => status === 429)).toEqual([]);
  });

  it.skipIf(vendor.document === undefined || documentFolder === undefined)(
    "is tried on bodies that conform to the vendor's document (skipped unless TRUEUP_VENDOR_DOCUMENTS has it)",
    async () => {
      await open(vendor);
      await run.sync();
      const {checked, problems} = await checkBodies(vendor, run.emulator.exchanges, documentFolder as string);
      expect(problems).toEqual([]);
      expect(checked).toBeGreaterThan(2);
    },
  );

  it.skipIf(vendor.document === undefined || documentFolder === undefined)(
    "asks for nothing that the vendor's document would have it refuse (skipped unless TRUEUP_VENDOR_DOCUMENTS has it)",
    async () => {
      await open(vendor);
      await run.sync();
      await run.sync({full: false});
      const {checked, problems} = await checkRequests(vendor, run.emulator.exchanges, documentFolder as string);
      expect(problems).toEqual([]);
      // ConnectWise's document has its objects alone.
      if (vendor.name !== "connectwise-psa") expect(checked).toBeGreaterThan(2);
    },
  );

  it("reads an account with nothing in it", async () => {
    const empty = makeWorld({clients: 0});
    await open(vendor, empty);
    const record = await run.sync();
    expect(record.error).toBeNull();
    expect(record.status).toBe("succeeded");
    const rows = await readLake(run.directory);
    const {accounts = []} = await asStored(vendor.expected(empty));
    expect(rows.accounts ?? []).toEqual(accounts);
    for (const table of ["seats", "clients", "agreements", "agreement_lines", "invoices"]) {
      expect(rows[table] ?? []).toEqual([]);
    }
  });

  it("takes addresses with a slash at their end", async () => {
    const settings = (url: string) =>
      Object.fromEntries(
        Object.entries(vendor.settings(url, world)).map(([name, value]) => [
          name,
          typeof value === "string" && value.startsWith("http") ? `${value}/` : value,
        ]),
      );
    await open({...vendor, settings});
    expect(await run.sync()).toMatchObject({status: "succeeded", error: null});
  });

  it("says who the credentials belong to", async () => {
    await open(vendor);
    const said = await run.test();
    expect(said.length).toBeGreaterThan(20);
    expect(said).not.toMatch(/undefined|null|NaN/);
    expect(await secretsIn(vendor, said)).toEqual([]);
  });

  it("refuses wrong credentials at once, with what to do", async () => {
    await open(vendor);
    const env = Object.fromEntries(Object.entries(vendor.env).map(([name, value]) => [name, `${value}x`]));
    const record = await run.sync({env});
    expect(record.status).toBe("failed");
    expect(record.error).toMatch(vendor.refusal ?? /(400|401|403)/);
    expect(record.error).toMatch(/key|secret|credential|permission/i);
    expect(await secretsIn({env}, JSON.stringify(record))).toEqual([]);
    expect(run.emulator.exchanges.length).toBeLessThanOrEqual(4);
    noteOutcome("wrong credentials", vendor.name, record, "nothing read");
  });

  it.skipIf(vendor.isToken === undefined)("asks for a new token when the old one ends within a sync", async () => {
    await open(vendor);
    let pages = 0;
    run.emulator.faults = [
      {
        when: isStream,
        act: (reply) => {
          pages += 1;
          if (pages === 2) run.emulator.service.revokeTokens?.();
          return reply;
        },
      },
    ];
    const record = await run.sync();
    expect(record.error).toBeNull();
    expect(await readLake(run.directory)).toEqual(await expected());
    expect(
      run.emulator.exchanges.some(({status, request}) => status === 401 && vendor.isToken?.(request) !== true),
    ).toBe(true);
    noteOutcome("token that ends within the sync", vendor.name, record);
  });

  const passing: Record<string, Omit<Fault, "when">> = {
    "500 twice": {act: () => ({status: 500, body: {message: "Internal error"}}), times: 2, after: 1},
    "429 storm": {act: () => ({status: 429, body: {message: "Slow down"}}), times: 3, after: 1},
    "503 without JSON": {act: () => ({status: 503, body: "<html>Service unavailable</html>"}), times: 1, after: 1},
    "a reset within the body": {act: "reset", times: 1, after: 1},
    "half of a body": {act: "truncate", times: 1, after: 1},
  };
  it.each(Object.entries(passing))("overcomes %s", async (name, fault) => {
    await open(vendor);
    run.emulator.faults = [{...fault, when: isStream}];
    const record = await run.sync();
    expect(record.error).toBeNull();
    expect(record).toMatchObject({status: "succeeded", rows_quarantined: 0});
    expect(await readLake(run.directory)).toEqual(await expected());
    noteOutcome(name, vendor.name, record);
  });

  const lasting: Record<string, [Fault["act"], RegExp]> = {
    "401 that stays": [() => refusal, /401.*(key|secret|credential)/i],
    "403 on the stream": [() => ({status: 403, body: {message: "Not permitted"}}), /403.*Not permitted/],
    "500 that stays": [() => ({status: 500, body: {message: "Internal error"}}), /500/],
    "429 that stays": [() => ({status: 429, body: {message: "Slow down"}}), /429/],
    "half of a body, again and again": ["truncate", /not JSON|half/],
    "a reset, again and again": ["reset", /broke off/],
    "another document than documented": [() => ({body: {unexpected: true}}), /list|documents/],
  };
  it.each(Object.entries(lasting))("keeps the last good data after %s", async (name, [act, message]) => {
    await open(vendor);
    await run.sync();
    const before = await readLake(run.directory);
    run.emulator.faults = [{when: isStream, act}];
    const record = await run.sync();
    if (vendor.part === undefined) {
      expect(record.status).toBe("failed");
      expect(record.error).toMatch(message);
    } else {
      expect(["failed", "partial"]).toContain(record.status);
      expect(JSON.stringify([record.error, record.failed_parts])).toMatch(message);
    }
    expect(await readLake(run.directory)).toEqual(before);
    expect(await secretsIn(vendor, JSON.stringify(record))).toEqual([]);
    noteOutcome(name, vendor.name, record, "last good kept");
  });

  it("quarantines a record with an unreadable field, and keeps the others", async () => {
    const large = makeWorld({clients: 16, peoplePerClient: 15, devicesPerClient: 20});
    await open(vendor, large, {most: 200});
    let spoiled = 0;
    run.emulator.faults = [
      {
        when: isStream,
        act: (reply) =>
          changed(reply, (body) => {
            const [, record] = vendor.stream.rows(body);
            if (record === undefined || spoiled > 0) return;
            spoiled += 1;
            vendor.stream.spoil(record);
          }),
      },
    ];
    const record = await run.sync();
    expect(record.error).toBeNull();
    expect(spoiled).toBe(1);
    expect(record.rows_quarantined).toBeGreaterThanOrEqual(1);
    const expected = await asStored(vendor.expected(large));
    const rows = await readLake(run.directory);
    const {table} = vendor.stream;
    expect(rows[table]).not.toEqual(expected[table]);
    const quarantined = await readQuarantine(run.directory, record);
    expect(quarantined).toHaveLength(record.rows_quarantined);
    for (const {file, record: id, reason} of quarantined) {
      expect(file).toMatch(/^(GET|POST) \//);
      expect(id).toMatch(/id .+/);
      expect(reason).toMatch(/^(expected |a value is required)/);
    }
    noteOutcome("wrong type in a needed field", vendor.name, {...record, error: String(quarantined[0]?.reason)});
  });

  it("fails when more than one record in twenty is unreadable", async () => {
    await open(vendor);
    await run.sync();
    const before = await readLake(run.directory);
    run.emulator.faults = [
      {
        when: isStream,
        act: (reply) =>
          changed(reply, (body) => {
            for (const record of vendor.stream.rows(body)) vendor.stream.spoil(record);
          }),
      },
    ];
    const record = await run.sync();
    expect(record.status).toBe("failed");
    expect(record.error).toMatch(/more than 5 %/);
    expect(await readLake(run.directory)).toEqual(before);
    noteOutcome("wrong type in every record", vendor.name, record);
  });

  it("does not take a page that comes twice for the whole", async () => {
    await open(vendor);
    await run.sync();
    const before = await readLake(run.directory);
    const firstOf = new Map<string, Record<string, unknown>[]>();
    run.emulator.faults = [
      {
        when: isStream,
        act: (reply, request) => {
          if (reply.status !== undefined && reply.status !== 200) return reply;
          const part = vendor.stream.part?.(request) ?? request.path;
          return changed(reply, (body) => {
            const rows = vendor.stream.rows(body);
            const first = firstOf.get(part);
            if (first === undefined) firstOf.set(part, structuredClone(rows));
            else rows.splice(0, rows.length, ...first);
          });
        },
      },
    ];
    const record = await run.sync();
    expect(["failed", "partial"]).toContain(record.status);
    expect(JSON.stringify([record.error, record.failed_parts])).toMatch(/again|leads back/);
    expect(await readLake(run.directory)).toEqual(before);
    noteOutcome("repeated page", vendor.name, record, "last good kept");
  });

  const tellsTotal = vendor.stream.claim !== undefined || vendor.isCounted === true;
  it.skipIf(!tellsTotal)("sees that the last page is missing", async () => {
    await open(vendor);
    await run.sync();
    const before = await readLake(run.directory);
    run.emulator.faults = [{when: isStream, after: 1, act: (reply) => vendor.stream.end(reply)}];
    const record = await run.sync();
    expect(["failed", "partial"]).toContain(record.status);
    expect(JSON.stringify([record.error, record.failed_parts])).toMatch(/ended the stream after/);
    expect(await readLake(run.directory)).toEqual(before);
    noteOutcome("missing last page", vendor.name, record, "last good kept");
  });

  it.skipIf(tellsTotal)("is given no total of its rows, which it would have to be held against", async () => {
    await open(vendor);
    await run.sync();
    const pages = run.emulator.exchanges
      .filter(({request, status}) => isStream(request) && status === 200)
      .map(({request, body}) => {
        const beside = structuredClone(body);
        const rows = vendor.stream.rows(beside).splice(0).length;
        return {part: vendor.stream.part?.(request) ?? request.path, rows, beside};
      });
    const totals = new Map<string, number>();
    for (const {part, rows} of pages) totals.set(part, (totals.get(part) ?? 0) + rows);
    // A page may say how many rows it has itself.
    const several = pages.filter(({part, rows}) => rows > 0 && rows < (totals.get(part) ?? 0));
    expect(several.length).toBeGreaterThan(1);
    for (const {part, beside} of several) {
      expect(JSON.stringify(beside).match(/(?<=[:,[]"?)\d+(?="?[,}\]])/g) ?? []).not.toContain(
        String(totals.get(part)),
      );
    }
  });

  it.skipIf(tellsTotal)("cannot see that the last page is missing, where the vendor gives no total", async () => {
    await open(vendor);
    run.emulator.faults = [{when: isStream, after: 1, act: (reply) => vendor.stream.end(reply)}];
    const record = await run.sync();
    expect(record.status).toBe("succeeded");
    expect(await readLake(run.directory)).not.toEqual(await expected());
    noteOutcome("missing last page", vendor.name, record, "incomplete, unseen: the vendor gives no total");
  });

  it.skipIf(vendor.stream.claim === undefined)("sees totals that disagree with what arrived", async () => {
    await open(vendor);
    await run.sync();
    const before = await readLake(run.directory);
    run.emulator.faults = [
      {when: isStream, act: (reply) => changed(reply, (body) => vendor.stream.claim?.(body, 9999))},
    ];
    const record = await run.sync();
    expect(["failed", "partial"]).toContain(record.status);
    expect(JSON.stringify([record.error, record.failed_parts])).toMatch(/9999/);
    expect(await readLake(run.directory)).toEqual(before);
    noteOutcome("totals that disagree", vendor.name, record, "last good kept");
  });

  it.skipIf(vendor.part === undefined)("keeps one client's last good data while the others are renewed", async () => {
    await open(vendor);
    await run.sync();
    const before = await readLake(run.directory);
    run.emulator.faults = [
      {
        when: (request) => vendor.part?.(request, world) === true,
        act: () => ({status: 403, body: {message: "Access to this customer was withdrawn"}}),
      },
    ];
    const record = await run.sync();
    expect(record.error).toBeNull();
    expect(record.status).toBe("partial");
    expect(record.failed_parts).toHaveLength(1);
    expect(record.failed_parts[0]?.reason).toMatch(/403.*Access to this customer was withdrawn/);
    expect(await readLake(run.directory)).toEqual(before);
    noteOutcome("403 on one client", vendor.name, record);
  });

  it("stops when it is told to", async () => {
    await open(vendor);
    const stop = new AbortController();
    run.emulator.faults = [
      {
        when: isStream,
        act: (reply) => {
          stop.abort(new Error("Stopped."));
          return reply;
        },
      },
    ];
    const record = await run.sync({signal: stop.signal});
    expect(record).toMatchObject({status: "failed", error: "Stopped."});
    expect(await readLake(run.directory)).toEqual({});
    noteOutcome("Ctrl-C", vendor.name, record);
  });

  it("reads 50,000 rows", async () => {
    const large = makeWorld(vendor.large ?? {clients: 50, peoplePerClient: 1000, devicesPerClient: 1000});
    await open(vendor, large, {most: 5000, isLimited: false, isRecorded: false});
    const record = await run.sync();
    expect(record.error).toBeNull();
    const expected = vendor.expected(large);
    for (const {table, rows_kept} of record.files) {
      expect([table, rows_kept]).toEqual([table, expected[table as keyof typeof expected]?.length]);
    }
    expect(record.rows_kept).toBeGreaterThan(vendor.isSmall ? 100 : 40_000);
  }, 120_000);
});
