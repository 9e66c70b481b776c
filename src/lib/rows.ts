type Text = string | null;

/** A table as the build writes it: every value text or null, decimals exact, dates and times ISO 8601. */
export type Table = {readonly columns: readonly string[]} & (
  | {readonly rows: readonly (readonly Text[])[]}
  | {readonly blocks: readonly Block[]}
);

/** Rows next to each other, column by column: what repeats among them is written once. */
export interface Block {
  readonly rows: number;
  readonly columns: readonly PackedColumn[];
}

/**
 * A list has a text for every row, or a single one that all rows share. Otherwise every text stands once, and `places` says
 * which of them each row has; a number in its stead names the column of the block whose places are the same.
 */
export type PackedColumn =
  | readonly Text[]
  | {readonly texts: readonly Text[]; readonly places: readonly number[] | number};

/** `rowsOf({columns: ["a"], rows: [["1"]]})` → `[{a: "1"}]`. The caller says which columns there are. */
export function rowsOf<T>(table: Table): T[] {
  const {columns} = table;
  // Pages read a hundred thousand rows and more: to fill in a copy of an object that has all columns takes a third of the time
  // of giving them to it one by one.
  const blank = JSON.parse(`{${columns.map((column) => `${JSON.stringify(column)}:null`).join()}}`) as Record<
    string,
    Text
  >;
  const objectOf = (textOf: (column: number) => Text | undefined): T => {
    const object = {...blank};
    for (const [index, column] of columns.entries()) object[column] = textOf(index) ?? null;
    return object as T;
  };
  if ("rows" in table) return table.rows.map((row) => objectOf((column) => row[column]));
  return table.blocks.flatMap((block) => {
    const texts = unpack(block);
    return Array.from({length: block.rows}, (_, row) => objectOf((column) => texts[column]?.[row]));
  });
}

/** The texts of all rows, column by column. */
function unpack({rows, columns}: Block): (readonly (Text | undefined)[])[] {
  return columns.map((column) => {
    if ("texts" in column) return placesOf(column, columns).map((place) => column.texts[place]);
    return column.length === 1 ? Array<Text | undefined>(rows).fill(column[0]) : column;
  });
}

function placesOf(column: PackedColumn | undefined, columns: readonly PackedColumn[]): readonly number[] {
  if (column === undefined || !("texts" in column)) return [];
  return typeof column.places === "number" ? placesOf(columns[column.places], columns) : column.places;
}
