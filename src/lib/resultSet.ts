import type {QueryResult} from "./browserDatabase.js";

type Vector = NonNullable<ReturnType<QueryResult["getChildAt"]>>;

export interface ResultColumn {
  readonly name: string;
  /** As SQL writes it: `DECIMAL(18,2)`. */
  readonly type: string;
  readonly kind: "number" | "text" | "time" | "boolean" | "other";
}

/** The rows of a query as exact text, made where it is asked for. */
export interface ResultSet {
  readonly columns: readonly ResultColumn[];
  readonly rowCount: number;
  /** Null is null, never the text "null". */
  text(row: number, column: number): string | null;
}

/** Apache Arrow's numbers for its types. */
const arrow = {
  dictionary: -1,
  null: 1,
  int: 2,
  float: 3,
  binary: 4,
  text: 5,
  boolean: 6,
  decimal: 7,
  date: 8,
  time: 9,
  timestamp: 10,
  interval: 11,
  list: 12,
  struct: 13,
  bytes: 15,
  array: 16,
  map: 17,
} as const;

export function resultSet(result: QueryResult): ResultSet {
  const starts: number[] = [];
  let rowCount = 0;
  for (const batch of result.batches) {
    starts.push(rowCount);
    rowCount += batch.numRows;
  }
  const batchOf = (row: number): number => {
    let low = 0;
    let high = starts.length - 1;
    while (low < high) {
      const middle = (low + high + 1) >> 1;
      if ((starts[middle] as number) <= row) low = middle;
      else high = middle - 1;
    }
    return low;
  };
  return {
    columns: result.schema.fields.map(({name, type}) => ({
      name: String(name),
      type: sqlType(type),
      kind: kindOf(type),
    })),
    rowCount,
    text(row, column) {
      const index = batchOf(row);
      const vector = result.batches[index]?.getChildAt(column);
      return vector == null ? null : textAt(vector, row - (starts[index] as number));
    },
  };
}

type Type = QueryResult["schema"]["fields"][number]["type"];
// biome-ignore lint/suspicious/noExplicitAny: Arrow's types carry their facts (scale, unit, time zone) on subclasses.
const factsOf = (type: Type): any => type;

function kindOf(type: Type): ResultColumn["kind"] {
  switch (type.typeId as number) {
    case arrow.int:
    case arrow.float:
    case arrow.decimal:
      return "number";
    case arrow.text:
    case arrow.dictionary:
      return "text";
    case arrow.date:
    case arrow.timestamp:
      return "time";
    case arrow.boolean:
      return "boolean";
    default:
      return "other";
  }
}

function sqlType(type: Type): string {
  const {precision, scale, timezone, bitWidth, isSigned} = factsOf(type);
  switch (type.typeId as number) {
    case arrow.int: {
      const names: Readonly<Record<number, string>> = {8: "TINYINT", 16: "SMALLINT", 32: "INTEGER", 64: "BIGINT"};
      return `${isSigned ? "" : "U"}${names[bitWidth] ?? "INTEGER"}`;
    }
    case arrow.float:
      return precision === 2 ? "DOUBLE" : "FLOAT";
    case arrow.decimal:
      return scale === 0 && precision === 38 ? "HUGEINT" : `DECIMAL(${precision},${scale})`;
    case arrow.text:
      return "VARCHAR";
    case arrow.dictionary:
      return "ENUM";
    case arrow.date:
      return "DATE";
    case arrow.time:
      return "TIME";
    case arrow.timestamp:
      return timezone == null ? "TIMESTAMP" : "TIMESTAMPTZ";
    case arrow.boolean:
      return "BOOLEAN";
    case arrow.binary:
    case arrow.bytes:
      return "BLOB";
    case arrow.interval:
      return "INTERVAL";
    case arrow.list:
    case arrow.array:
      return "LIST";
    case arrow.struct:
      return "STRUCT";
    case arrow.map:
      return "MAP";
    default:
      return String(type).toUpperCase();
  }
}

function textAt(vector: Vector, index: number): string | null {
  const {type} = vector;
  const id = type.typeId as number;
  if (!vector.isValid(index)) return null;
  // Of times the stored value is read instead: Arrow refuses those beyond what a float holds.
  const value = id === arrow.interval || id === arrow.timestamp ? 0 : vector.get(index);
  if (value === null || value === undefined) return null;
  const {scale, unit, timezone} = factsOf(type);
  switch (id) {
    case arrow.decimal:
      return decimalText(value as Uint32Array, scale as number);
    case arrow.date:
      return dayText(unit === 0 ? Number(raw(vector, index)) * 86_400_000 : Number(raw(vector, index)));
    case arrow.time:
      return clockText(inMicroseconds(raw(vector, index), unit as number));
    case arrow.timestamp:
      return `${instantText(raw(vector, index), unit as number)}${timezone == null ? "" : "Z"}`;
    case arrow.interval:
      return intervalText(vector, index);
    case arrow.binary:
    case arrow.bytes:
      return `\\x${Array.from(value as Uint8Array, (byte) => byte.toString(16).padStart(2, "0")).join("")}`;
    case arrow.list:
    case arrow.array:
      return `[${elements(value as Vector).join(", ")}]`;
    case arrow.struct: {
      const fields = factsOf(type).children as readonly {name: string}[];
      return `{${fields.map(({name}, place) => `${name}: ${shown(vector.getChildAt(place) as Vector, index)}`).join(", ")}}`;
    }
    case arrow.map:
      return mapText(vector, index);
    default:
      return String(value);
  }
}

function mapText(vector: Vector, index: number): string {
  const [from = 0, to = 0] = vector.data[0]?.valueOffsets.subarray(index, index + 2) ?? [];
  const entries = vector.getChildAt(0) as Vector;
  const parts = Array.from({length: to - from}, (_, place) =>
    [0, 1].map((side) => shown(entries.getChildAt(side) as Vector, from + place)).join(": "),
  );
  return `{${parts.join(", ")}}`;
}

function shown(vector: Vector, index: number): string {
  return textAt(vector, index) ?? "null";
}

function elements(list: Vector): string[] {
  return Array.from({length: list.length}, (_, index) => shown(list, index));
}

/** The stored value itself: what Arrow makes of times is a float of milliseconds. */
function raw(vector: Vector, index: number): bigint | number {
  let place = index;
  for (const data of vector.data) {
    if (place < data.length) return data.values[place];
    place -= data.length;
  }
  throw new RangeError(`There is no row ${index}.`);
}

/** Two's complement in 32-bit words, the lowest first. */
function decimalText(words: Uint32Array, scale: number): string {
  let value = 0n;
  for (let index = words.length - 1; index >= 0; index--) value = (value << 32n) | BigInt(words[index] as number);
  value = BigInt.asIntN(words.length * 32, value);
  const digits = String(value < 0n ? -value : value).padStart(scale + 1, "0");
  const text = scale === 0 ? digits : `${digits.slice(0, -scale)}.${digits.slice(-scale)}`;
  return value < 0n ? `-${text}` : text;
}

function dayText(milliseconds: number): string {
  const day = new Date(milliseconds);
  if (Number.isNaN(day.getTime())) return milliseconds < 0 ? "-infinity" : "infinity";
  return day.toISOString().replace(/T.*$/, "");
}

/** Arrow's units: seconds, milliseconds, microseconds, nanoseconds. */
const perSecond = [1n, 1000n, 1_000_000n, 1_000_000_000n] as const;

function inMicroseconds(value: bigint | number, unit: number): bigint {
  return (BigInt(value) * 1_000_000n) / (perSecond[unit] ?? 1n);
}

function instantText(value: bigint | number, unit: number): string {
  const ticks = perSecond[unit] ?? 1n;
  const whole = BigInt(value);
  const part = ((whole % ticks) + ticks) % ticks;
  const at = new Date(Number((whole - part) / ticks) * 1000);
  if (Number.isNaN(at.getTime())) return whole < 0n ? "-infinity" : "infinity";
  return `${at.toISOString().slice(0, -5).replace("T", " ")}${fraction(part, String(ticks).length - 1)}`;
}

/** Hours, minutes and seconds; an interval may have more hours than a day, and a day ends at 24. */
function clockText(microseconds: bigint): string {
  const seconds = microseconds / 1_000_000n;
  const parts = [seconds / 3600n, (seconds / 60n) % 60n, seconds % 60n].map((part) => String(part).padStart(2, "0"));
  return `${parts.join(":")}${fraction(microseconds % 1_000_000n, 6)}`;
}

function fraction(part: bigint, digits: number): string {
  return part === 0n ? "" : `.${String(part).padStart(digits, "0").replace(/0+$/, "")}`;
}

/** Months, days and nanoseconds, as DuckDB counts an interval. */
function intervalText(vector: Vector, index: number): string {
  const values = vector.data[0]?.values as Int32Array;
  const view = new DataView(values.buffer, values.byteOffset + index * 16, 16);
  const [months, days, nanoseconds] = [view.getInt32(0, true), view.getInt32(4, true), view.getBigInt64(8, true)];
  const sign = nanoseconds < 0n ? "-" : "";
  const parts = [
    months === 0 ? null : `${months} month${Math.abs(months) === 1 ? "" : "s"}`,
    days === 0 ? null : `${days} day${Math.abs(days) === 1 ? "" : "s"}`,
    nanoseconds === 0n ? null : `${sign}${clockText((nanoseconds < 0n ? -nanoseconds : nanoseconds) / 1000n)}`,
  ].filter((part) => part !== null);
  return parts.length === 0 ? "00:00:00" : parts.join(" ");
}
