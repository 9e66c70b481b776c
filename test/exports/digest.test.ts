import {writeFile} from "node:fs/promises";
import {join} from "node:path";
import {JSDOM} from "jsdom";
import {afterAll, beforeAll, describe, expect, it} from "vitest";
import {literal} from "../../loaders/database.js";
import {digestAsHtml, digestAsMarkdown, escapeMarkdown} from "../../loaders/exports/describeDigest.js";
import {type Digest, type DigestOptions, findOverLimit, makeDigest} from "../../loaders/exports/digest.js";
import {openMarts} from "../../loaders/exports/openMarts.js";
import {runTrueup} from "../loaders/runTrueup.js";
import {sampleMarts} from "./sampleMarts.js";

let sample: Awaited<ReturnType<typeof sampleMarts>>;

beforeAll(async () => {
  sample = await sampleMarts(
    "C1005,S-M365BP,bill,,,,6,156.00,agreed,Dana",
    "C1012,S-M365BP,credit,,,,-4,-104.00,about other figures,Ron",
  );
});

afterAll(() => sample.remove());

async function digest(options: Partial<DigestOptions> = {}): Promise<Digest> {
  const marts = await openMarts(sample.directory);
  try {
    return await makeDigest(marts, {workspace: "Northwind & <Sons>", currency: "USD", top: 5, ...options});
  } finally {
    marts.database.close();
  }
}

const trueup = (...args: string[]) => runTrueup([...args, "-w", sample.directory]);

describe("the digest", () => {
  it("has the summary's figures, decided ones apart, and the largest open discrepancies", async () => {
    const {currencies, top, open_count, discrepancies} = await digest();
    const euro = currencies.find(({currency}) => currency === "EUR");
    expect(euro).toMatchObject({
      underbilled_monthly: "156.00",
      open_underbilled_monthly: "0.00",
      decided_underbilled_monthly: "156.00",
    });
    const inDollars = top.filter(({currency}) => currency === "USD");
    expect([inDollars.length, top.length]).toEqual([5, 6]);
    const inEuros = top.filter(({currency}) => currency === "EUR");
    expect(inEuros.map(({client_name, impact_monthly}) => [client_name, impact_monthly])).toEqual([
      ["Foxglove Foods Inc.", "-36.00"],
    ]);
    const impacts = inDollars.map(({impact_monthly}) => Math.abs(Number(impact_monthly)));
    expect(impacts).toEqual([...impacts].sort((a, b) => b - a));
    expect(discrepancies.length).toBe(open_count + 1);
    const [first] = top;
    expect([first?.client_name, first?.decision_state]).toEqual(["Meridian Engineering LLC", "changed"]);
    const [row = ""] = /^\| Meridian .*$/m.exec(digestAsMarkdown({...(await digest({top: 1})), changes: []})) ?? [];
    expect(row).toContain("| −5 | −$130.00 | calculated, decided before |");
  });

  it("takes for a month before it what marts of somebody else's call one, and runs nothing of it", async () => {
    const marts = await openMarts(sample.directory);
    try {
      const before = "2026-10'; drop view work_list; --";
      await marts.database.run(
        `create or replace view history as
         select '${marts.period}' as period, ${literal(before)} as previous_period, true as is_closed`,
      );
      const {since} = await makeDigest(marts, {workspace: "Northwind", currency: "USD", top: 5});
      expect(since).toBe(before);
      expect(await marts.database.rows("select 1 from work_list limit 1")).toHaveLength(1);
    } finally {
      marts.database.close();
    }
  });

  it("groups the digits of how many were found as those of amounts are", async () => {
    const {currencies, ...rest} = await digest();
    const found = {...rest, currencies: currencies.map((row) => ({...row, discrepancy_count: "18050"}))};
    expect(digestAsMarkdown(found)).toContain("| USD found | 18,050 |");
  });

  it("names connections that are not green", async () => {
    const {sync_problems} = await digest();
    expect(sync_problems.map(({connection_id, health}) => [connection_id, health])).toEqual([
      ["passwords", "red"],
      ["mail-security", "yellow"],
    ]);
  });

  it("says what went wrong in the last sync of one that is red", async () => {
    const cells =
      "| passwords | red | The last sync failed and there is no earlier data. imports/passwords lacks accounts.csv. |";
    expect(digestAsMarkdown(await digest())).toContain(cells);
  });

  it("names connections of which rows were quarantined, where every connection is green too", async () => {
    const found = await digest();
    expect(found.quarantines).toEqual([{connection_id: "rmm", rows_quarantined: "1"}]);
    const markdown = digestAsMarkdown({...found, sync_problems: []});
    expect(markdown).toContain("Every connection is green.\n\n1 row of rmm was quarantined and is in no figure.");
  });

  it("warns of an earlier one that is another workspace's", async () => {
    const file = join(sample.directory, "other.json");
    await writeFile(file, JSON.stringify({...(await digest()), workspace: "Acme MSP"}));
    const warned: string[] = [];
    await digest({since: file, warn: (sentence) => warned.push(sentence)});
    expect(warned).toEqual([
      `${file} is a report of Acme MSP, not of Northwind & <Sons>: what it found may be of other clients.`,
    ]);
    const {code, err} = await trueup("report", "--since", file);
    expect(code).toBe(0);
    expect(err).toContain(`warning: ${file} is a report of Acme MSP, not of Northwind IT`);
  });

  it("has counts as numbers for other programs, as `reconcile --json` has them, and money as text", async () => {
    const {currencies, quarantines} = JSON.parse((await trueup("report", "--format", "json")).out);
    expect(currencies[0]).toMatchObject({currency: "USD", open_count: 40, open_overbilled_monthly: "591.50"});
    expect(quarantines).toEqual([{connection_id: "rmm", rows_quarantined: 1}]);
  });

  it("says what changed since an earlier one", async () => {
    const file = join(sample.directory, "last.json");
    expect((await trueup("report", "--format", "json", "--out", file)).code).toBe(0);
    expect(await digest({since: file})).toMatchObject({since: "2026-11-23", changes: []});
    const {discrepancies, ...rest} = await digest();
    const [first, second, third] = discrepancies;
    const earlier = {
      ...rest,
      discrepancies: [
        {...first, impact_monthly: "1.00"},
        {...second, reconciliation_id: "gone"},
        {...third, currency: "CHF"},
        ...discrepancies.slice(3),
      ],
    };
    await writeFile(file, JSON.stringify(earlier));
    const {changes} = await digest({since: file});
    expect(
      changes.map(({change, reconciliation_id, previous_impact_monthly, impact_monthly}) => ({
        change,
        reconciliation_id,
        previous_impact_monthly,
        impact_monthly,
      })),
    ).toEqual([
      {
        change: "changed",
        reconciliation_id: first?.reconciliation_id,
        previous_impact_monthly: "1.00",
        impact_monthly: first?.impact_monthly,
      },
      {
        change: "new",
        reconciliation_id: second?.reconciliation_id,
        previous_impact_monthly: null,
        impact_monthly: second?.impact_monthly,
      },
      {
        change: "new",
        reconciliation_id: third?.reconciliation_id,
        previous_impact_monthly: null,
        impact_monthly: third?.impact_monthly,
      },
      {
        change: "gone",
        reconciliation_id: "gone",
        previous_impact_monthly: second?.impact_monthly,
        impact_monthly: null,
      },
      {
        change: "gone",
        reconciliation_id: third?.reconciliation_id,
        previous_impact_monthly: third?.impact_monthly,
        impact_monthly: null,
      },
    ]);
  });

  it("shows hostile names as they are written, in HTML and in Markdown", async () => {
    const found = await digest({top: 100});
    const {window} = new JSDOM(digestAsHtml(found));
    expect(window.document.querySelectorAll("img, script, a").length).toBe(0);
    expect(window.document.body.textContent).toContain("<img src=x onerror=alert(1)> Media");
    expect(window.document.querySelector("h1")?.textContent).toBe("Northwind & <Sons>: billed against used");
    const markdown = digestAsMarkdown(found);
    expect(markdown).toMatch(/^# Northwind \\& \\<Sons\\>: billed against used\n\nAs of 23 Nov 2026\.\n/);
    expect(markdown).toContain("\\<img src=x onerror=alert(1)\\> Media");
    expect(markdown).not.toMatch(/(^|[^\\])<img/);
    const tables = markdown.split("\n").filter((line) => line.startsWith("|"));
    const cellsOf = (line: string) => line.split(/(?<!\\)\|/).length;
    expect(new Set(tables.map(cellsOf)).size).toBeLessThanOrEqual(4);
    expect(escapeMarkdown("\u001b[31mred\u202Eder")).toBe(" \\[31mred der");
    const joined = "👩\u200d👧 می\u200cخواهم";
    expect(escapeMarkdown(joined)).toBe(joined);
    expect(escapeMarkdown("a|b\n# [x](http://e.test) www.e.test @all `c`")).toBe(
      "a\\|b \\# \\[x\\](http\\://e.test) www\\.e.test \\@all \\`c\\`",
    );
  });

  it("finds the currencies in which more is open than a limit", async () => {
    const marts = await openMarts(sample.directory);
    const [usd] = await marts.database.rows(
      "select cast(open_underbilled_monthly + open_overbilled_monthly as varchar) as open from summary where currency = 'USD'",
    );
    const open = String(usd?.open);
    expect(await findOverLimit(marts, open)).toEqual([]);
    expect(await findOverLimit(marts, "500")).toEqual([{currency: "USD", open}]);
    // Decided ones do not count: 36.00 of 192.00 euros are open.
    expect((await findOverLimit(marts, "35.99")).map(({currency}) => currency)).toEqual(["EUR", "USD"]);
    expect((await findOverLimit(marts, "36")).map(({currency}) => currency)).toEqual(["USD"]);
    marts.database.close();
  });
});

describe("trueup report", () => {
  it("ends with code 1 over the limit, after the report, and with 0 within it", async () => {
    const over = await trueup("report", "--fail-over", "500");
    expect(over.code).toBe(1);
    expect(over.out).toContain("# Northwind IT: billed against used");
    expect(over.err).toMatch(/^USD: \d+\.\d\d a month is open, more than 500\.$/m);
    expect((await trueup("report", "--fail-over", "100000")).code).toBe(0);
  });

  it.each([
    [["report", "--format", "pdf"], '--format "pdf": expected one of md, html, json.'],
    [["report", "--fail-over", "lots"], '--fail-over "lots": expected an amount such as 500 or 99.50.'],
    [["report", "--since", "nowhere.json"], '--since "nowhere.json": cannot be read: there is no such file or folder.'],
    [
      ["report", "--period", "2026-09"],
      '--period "2026-09": is not closed, and the present figures are those of 2026-11.',
    ],
    [["export", "adjustments", "--format", "xlsx"], "--out: a workbook needs a file."],
    [["export", "adjustments", "--state", "mine"], '--state "mine": expected one of all, open, decided.'],
  ])("refuses %j with code 2", async (args, message) => {
    const {code, err} = await trueup(...args);
    expect(err).toContain(message);
    expect(code).toBe(2);
  });
});
