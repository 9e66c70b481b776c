import {appendFile, cp, mkdtemp, rm} from "node:fs/promises";
import {tmpdir} from "node:os";
import {join} from "node:path";
import {expect, it} from "vitest";
import type {SyncRecord} from "../../../loaders/lake/lake.js";
import {fingerprintSettings, previousOf} from "../../../loaders/lake/previousSync.js";
import type {Connection} from "../../../loaders/workspace/connectionSettings.js";

const now = new Date("2026-11-23T02:00:00Z");
const record = (changes: Partial<SyncRecord> = {}) =>
  ({state: {since: "2026-11-22"}, fingerprint: "same", full_at: "2026-11-16T02:00:00Z", ...changes}) as SyncRecord;
const previous = (current: SyncRecord | undefined, days = 7) => previousOf(current, "same", now, days);

it("lets a sync read changes alone only upon data that the same connection read, and that says from when on", () => {
  expect(previous(record())).toMatchObject({state: {since: "2026-11-22"}});
  expect(previous(undefined)).toBeUndefined();
  expect(previous(record({state: null}))).toBeUndefined();
  expect(previous(record({full_at: null}))).toBeUndefined();
  expect(previous(record({fingerprint: "other"}))).toBeUndefined();
});

it("has everything read again once so many days have passed since it was", () => {
  const isFullDue = (full_at: string, days?: number) => previous(record({full_at}), days)?.isFullDue;
  expect(isFullDue("2026-11-16T02:00:00.001Z")).toBe(false);
  expect(isFullDue("2026-11-16T02:00:00Z")).toBe(true);
  expect(isFullDue("2026-11-23T02:00:00Z", 0)).toBe(true);
});

const connection = (name: string, settings: object) => ({id: "a", connector: {name}, settings}) as Connection;

it("knows a connection by its connector and settings, and by no secret", async () => {
  const secret = `$${"{SECRET}"}`;
  const fingerprint = await fingerprintSettings(connection("duo", {base_url: "https://a.test", secret_key: secret}));
  expect(fingerprint).toMatch(/^[0-9a-f]{16}$/);
  expect(await fingerprintSettings(connection("duo", {base_url: "https://a.test", secret_key: secret}))).toBe(
    fingerprint,
  );
  expect(await fingerprintSettings(connection("duo", {base_url: "https://b.test", secret_key: secret}))).not.toBe(
    fingerprint,
  );
  expect(await fingerprintSettings(connection("huntress", {base_url: "https://a.test", secret_key: secret}))).not.toBe(
    fingerprint,
  );
});

it("lets no code read changes upon what other code made of a vendor's records", async () => {
  const own = await fingerprintSettings(connection("duo", {}));
  for (const changed of [null, "connectors/duo/index.ts", "connectors/values.ts", "canonical.ts"]) {
    const folder = await mkdtemp(join(tmpdir(), "trueup-code-"));
    await cp("loaders/connectors", join(folder, "connectors"), {recursive: true});
    await cp("loaders/canonical.ts", join(folder, "canonical.ts"));
    if (changed !== null) await appendFile(join(folder, changed), "// Changed.\n");
    const other = await fingerprintSettings(connection("duo", {}), folder);
    await rm(folder, {recursive: true});
    expect(other === own, changed ?? "nothing").toBe(changed === null);
  }
});
