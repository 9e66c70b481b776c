import {readFile} from "node:fs/promises";

export const lakeDocument = new URL("../../../loaders/lake/README.md", import.meta.url).pathname;

/** An example of the document on the lake, by its first line. */
export async function lakeQuery(title: string): Promise<string> {
  const text = await readFile(lakeDocument, "utf8");
  const [, query] =
    text
      .split("```sql\n")
      .find((part) => part.startsWith(`-- ${title}\n`))
      ?.match(/^([^`]*)```/) ?? [];
  if (query === undefined) throw new Error(`The document has no query "${title}".`);
  return query;
}
