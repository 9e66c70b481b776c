import type {Block, PackedColumn} from "../../../src/lib/rows.js";

/** Packs rows of so many columns for `rowsOf` to read. Ids and names that belong together repeat together, and share their places. */
export function packRows(rows: readonly (readonly (string | null)[])[], width: number): Block {
  const columnsByPlaces = new Map<string, number>();
  const columns = Array.from({length: width}, (_, index): PackedColumn => {
    const all = rows.map((row) => row[index] ?? null);
    const known = new Map<string | null, number>();
    const places = all.map((text) => {
      const place = known.get(text) ?? known.size;
      known.set(text, place);
      return place;
    });
    const texts = [...known.keys()];
    if (texts.length === 1) return texts;
    if (texts.length > rows.length / 2) return all;
    const key = places.join();
    const same = columnsByPlaces.get(key);
    if (same === undefined) columnsByPlaces.set(key, index);
    return {texts, places: same ?? places};
  });
  return {rows: rows.length, columns};
}
