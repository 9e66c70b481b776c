// @vitest-environment jsdom
import {describe, expect, it} from "vitest";
import {explorer} from "../../src/components/explorer.js";
import type {BrowserDatabase} from "../../src/lib/browserDatabase.js";
import {browserStorage} from "../../src/lib/browserStorage.js";

describe("a query", () => {
  it("that is cancelled while DuckDB starts is not run, and the next one is", async () => {
    const ran: string[] = [];
    let started = (_: BrowserDatabase): void => {};
    const starting = new Promise<BrowserDatabase>((resolve) => {
      started = resolve;
    });
    const database: Partial<BrowserDatabase> = {
      async run(sql) {
        ran.push(sql);
        throw new Error("No rows here.");
      },
      async cancel() {},
    };
    const node = explorer({tables: [], examples: []}, () => starting, {
      location: {search: "?sql=select+1", hash: "", pathname: "/explore"},
      history: {replaceState() {}},
      storage: browserStorage(),
      now: () => new Date(0),
    });
    const press = (name: string): void =>
      [...node.querySelectorAll("button")].find(({textContent}) => textContent === name)?.click();
    const status = (): string => node.querySelector(".run-status")?.textContent ?? "";
    press("Cancel");
    expect(status()).toBe("Cancelling…");
    started(database as BrowserDatabase);
    await expect.poll(status).toBe("Cancelled.");
    expect(ran).toEqual([]);
    press("Run");
    await expect.poll(status).toBe("The query failed.");
    expect(ran).toEqual(["select 1"]);
  });

  it("that is cancelled while DuckDB fails to start says that it did, and nothing is left unhandled", async () => {
    const unhandled: unknown[] = [];
    const note = (reason: unknown): void => void unhandled.push(reason);
    process.on("unhandledRejection", note);
    let failed = (_: Error): void => {};
    const starting = new Promise<BrowserDatabase>((_, reject) => {
      failed = reject;
    });
    const node = explorer({tables: [], examples: []}, () => starting, {
      location: {search: "?sql=select+1", hash: "", pathname: "/explore"},
      history: {replaceState() {}},
      storage: browserStorage(),
      now: () => new Date(0),
    });
    [...node.querySelectorAll("button")].find(({textContent}) => textContent === "Cancel")?.click();
    failed(new Error("No memory"));
    await expect
      .poll(() => node.querySelector(".query-error")?.textContent)
      .toContain("could not be started: No memory.");
    await new Promise((resolve) => setTimeout(resolve));
    process.off("unhandledRejection", note);
    expect(unhandled).toEqual([]);
  });

  it("runs when an address with another long one is put in the place of the page's own", async () => {
    const ran: string[] = [];
    const database: Partial<BrowserDatabase> = {
      async run(sql) {
        ran.push(sql);
        throw new Error("No rows here.");
      },
    };
    const location = {search: "", hash: "#sql=select+1", pathname: "/explore"};
    const node = explorer({tables: [], examples: []}, async () => database as BrowserDatabase, {
      location,
      history: {replaceState() {}},
      storage: browserStorage(),
      now: () => new Date(0),
    });
    const status = (): string => node.querySelector(".run-status")?.textContent ?? "";
    await expect.poll(status).toBe("The query failed.");
    location.hash = "#sql=select+2";
    dispatchEvent(new Event("hashchange"));
    await expect.poll(() => ran).toEqual(["select 1", "select 2"]);
    location.hash = "#place";
    dispatchEvent(new Event("hashchange"));
    expect(ran).toHaveLength(2);
  });
});
