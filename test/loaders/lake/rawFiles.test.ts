import {randomBytes} from "node:crypto";
import {createWriteStream} from "node:fs";
import {mkdtemp, readFile, rm} from "node:fs/promises";
import {tmpdir} from "node:os";
import {join} from "node:path";
import {gunzipSync} from "node:zlib";
import {afterEach, beforeEach, expect, it, vi} from "vitest";
import {createRawFiles} from "../../../loaders/lake/rawFiles.js";

vi.mock("node:fs", async (original) => {
  const actual = await original<typeof import("node:fs")>();
  return {...actual, createWriteStream: vi.fn(actual.createWriteStream)};
});

let directory: string;
beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), "trueup-raw-"));
  vi.mocked(createWriteStream).mockClear();
});
afterEach(() => rm(directory, {recursive: true, force: true}));

const linesOf = async (name: string): Promise<string[]> =>
  gunzipSync(await readFile(join(directory, "raw", `${name}.jsonl.gz`)))
    .toString()
    .split("\n");

it("puts streams into one file whose names lead to the same, so that each answer is whole", async () => {
  const raw = createRawFiles(join(directory, "raw"));
  const long = "x".repeat(200);
  const streams = ["a/b", "a_b", `${long}1`, `${long}2`];
  for (const stream of streams) await raw.write(stream, `"${stream}"`);
  await raw.close();
  expect(await linesOf("a_b")).toEqual(['"a/b"', '"a_b"', ""]);
  expect(await linesOf("x".repeat(120))).toEqual([`"${long}1"`, `"${long}2"`, ""]);
});

it("breaks no line at whatever ends a line elsewhere", async () => {
  const raw = createRawFiles(join(directory, "raw"));
  await raw.write("users", "[1,\r2]");
  await raw.write("users", "[3,\r\n4]");
  await raw.close();
  expect((await linesOf("users")).join("\n").split(/[\r\n]/)).toEqual(["[1, 2]", "[3, 4]", ""]);
});

it("takes the next answer when there is room for it, and has let go of its files when it gives up", async () => {
  const raw = createRawFiles(join(directory, "raw"));
  const answer = randomBytes(300_000).toString("hex");
  await raw.write("users", answer);
  const opened = vi.mocked(createWriteStream).mock.results;
  expect(opened[0]?.value.bytesWritten).toBeGreaterThan(answer.length / 4);
  await raw.write("devices", "[]");
  await raw.destroy();
  expect(opened.map(({value}) => value.closed)).toEqual([true, true]);
});
