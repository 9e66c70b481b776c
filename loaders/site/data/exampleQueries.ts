import {readdir, readFile} from "node:fs/promises";
import {basename, join} from "node:path";
import {fileURLToPath} from "node:url";

/** A query that the SQL page offers. */
export interface ExampleQuery {
  readonly id: string;
  readonly title: string;
  readonly description: string;
  /** The columns that it promises. */
  readonly returns: readonly string[];
  readonly sql: string;
}

const folder = fileURLToPath(new URL("../../../data/queries", import.meta.url));

/** Reads data/queries in the order of the file names: a title, a sentence and the columns in the head of each. */
export async function exampleQueries(): Promise<ExampleQuery[]> {
  const files = (await readdir(folder)).filter((file) => file.endsWith(".sql")).sort();
  return Promise.all(files.map(async (file) => parseQuery(file, await readFile(join(folder, file), "utf8"))));
}

function parseQuery(file: string, text: string): ExampleQuery {
  const [title = "", description = "", returns = "", ...rest] = text.split("\n");
  if (!title.startsWith("-- ") || !description.startsWith("-- ") || !returns.startsWith("-- @returns ")) {
    throw new Error(`${join(folder, file)} needs a title, a sentence and @returns as its first three lines.`);
  }
  return {
    id: basename(file, ".sql").replace(/^\d+_/, ""),
    title: title.slice(3),
    description: description.slice(3),
    returns: returns.slice("-- @returns ".length).split(", "),
    sql: `${title}\n${rest.join("\n").trim()}`,
  };
}
