/** What of Arrow's data is looked at, whatever its copy. */
interface ArrowData {
  readonly typeId: number;
  readonly stride: number;
  readonly children: readonly ArrowData[];
}

/** Arrow's number for the type. */
const interval = 11;

/**
 * DuckDB's intervals are of months, days and nanoseconds: four words of 32 bits. The copy of Arrow that comes with it cuts and
 * writes them as three, so that those of lists and of files are wrong from the second on.
 */
export function mendIntervals(data: ArrowData): void {
  if (data.typeId === interval) Object.assign(data, {stride: 4});
  for (const child of data.children) mendIntervals(child);
}
