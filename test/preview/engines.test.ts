import {mkdtemp, readFile, rm} from "node:fs/promises";
import {tmpdir} from "node:os";
import {join} from "node:path";
import fc from "fast-check";
import {expect, it} from "vitest";
import {selectMappedModels} from "../../loaders/marts/mappedModels.js";
import {readMacros} from "../../loaders/marts/models.js";
import {writePreview} from "../../loaders/marts/previewFiles.js";
import {toCsv} from "../../src/lib/csv.js";
import type {Figures} from "../../src/lib/figures.js";
import {
  type MappingFiles,
  type MappingRow,
  type Mappings,
  type MappingTable,
  mappingTables,
} from "../../src/lib/mappingTables.js";
import {type PreviewData, startPreview} from "../../src/lib/preview.js";
import {type Marts, reconcileAll, reconcileRows, type World} from "../models/harness.js";
import {holds, seed, timeout} from "../models/properties/runs.js";
import {worldsOf} from "../models/properties/worlds.js";
import {openWasmDatabase} from "./wasmDatabase.js";

const worldTables = {
  clients: "mappingClients",
  services: "mappingServices",
  exclusions: "mappingExclusions",
  prices: "mappingPrices",
  decisions: "mappingDecisions",
} as const;
const names = Object.keys(worldTables) as MappingTable[];

function mappingsOf(world: World): Mappings {
  const rows = (name: MappingTable) => (world[worldTables[name]] ?? []) as readonly MappingRow[];
  return Object.fromEntries(names.map((name) => [name, rows(name)])) as Record<MappingTable, readonly MappingRow[]>;
}

function csvOf(name: MappingTable, rows: readonly MappingRow[]): string {
  const {columns} = mappingTables[name];
  return toCsv(
    columns.map((column) => ({label: column, value: (row: MappingRow) => row[column] ?? null})),
    rows,
  );
}

/** Decisions that somebody might take back, one by one and together. */
function edits(mappings: Mappings): Mappings[] {
  const without = (name: MappingTable) => ({...mappings, [name]: mappings[name].filter((_, index) => index % 3 > 0)});
  const none = {...mappings, clients: [], services: []};
  const relinked = {
    ...mappings,
    clients: mappings.clients.map((row, index) => ({
      ...row,
      client_id: row.client_id === null ? null : (mappings.clients[index + 1]?.client_id ?? row.client_id ?? null),
    })),
  };
  return [...names.map(without), none, relinked, mappings];
}

const shown = ["summary", "clients", "reconciliation"];

/** The rows of the figures as text, in any order: numbers as they are, instants in ISO 8601. */
function textOf(marts: Marts | Figures): Record<string, string[]> {
  const plain = (value: unknown) => {
    const text = value === null ? null : String(value);
    return text?.replace(/^(\d{4}-\d{2}-\d{2}) (\d{2}:\d{2}:\d{2})(\.\d+)?\+00$/, "$1T$2Z") ?? null;
  };
  return Object.fromEntries(
    shown.map((mart) => [
      mart,
      [...((marts as Marts)[mart] ?? [])]
        .map((row) => JSON.stringify(Object.entries(row).map(([column, value]) => [column, plain(value)])))
        .sort(),
    ]),
  );
}

it(
  `gives in the browser's engine, before and after edits, the very marts of the command line (seed ${seed})`,
  async () => {
    let moved = 0;
    const agree = fc.asyncProperty(worldsOf({minLength: 6, maxLength: 6}), async (world) => {
      const folder = await mkdtemp(join(tmpdir(), "trueup-engines-"));
      const wasm = await openWasmDatabase();
      try {
        const mappings = mappingsOf(world);
        const files = Object.fromEntries(names.map((name) => [name, csvOf(name, mappings[name])])) as MappingFiles;
        const marts = await reconcileAll(world, async (database, models) => {
          const {mapped} = selectMappedModels(models, await readMacros());
          await writePreview(database, {mapped, files, folder});
        });
        const {models} = JSON.parse(await readFile(join(folder, "preview.json"), "utf8")) as PreviewData;
        if (models === null) throw new Error("A small world must fit.");
        const preview = await startPreview(wasm, await readFile(join(folder, "preview.duckdb")), models, files);
        expect(textOf(preview.baseline)).toEqual(textOf(marts));
        for (const edited of edits(mappings)) {
          const {figures, change, problems} = await preview.run(edited);
          expect(problems).toEqual([]);
          moved += change?.clients.length ?? 0;
          const others = Object.fromEntries(names.map((name) => [worldTables[name], edited[name]]));
          expect(textOf(figures as Figures)).toEqual(textOf(await reconcileRows({...world, ...others}, shown)));
        }
        expect(await preview.run(mappings)).toMatchObject({
          change: {clients: [], appeared: [], vanished: [], changed: []},
        });
      } finally {
        await wasm.close();
        await rm(folder, {recursive: true, force: true});
      }
    });
    await holds(2, agree);
    expect(moved).toBeGreaterThan(0);
  },
  timeout * 3,
);
