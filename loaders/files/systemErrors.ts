const sentences: Readonly<Record<string, string>> = {
  EACCES: "you may not read or write there.",
  EPERM: "you may not read or write there.",
  EROFS: "nothing can be written there.",
  ENOENT: "there is no such file or folder.",
  ENOTDIR: "a part of the path is a file, not a folder.",
  EISDIR: "is a folder, not a file.",
  ENOSPC: "the disk is full.",
  ENOTEMPTY: "another run was quicker. Run it again.",
  EBUSY: "something else uses it, or it is a volume of its own.",
  EMFILE: "too many files are open.",
};

/** What the operating system refused, without the names of its calls; any other error's own message. */
export function describeSystemError(error: unknown): string {
  const {code = "", message} = error as NodeJS.ErrnoException;
  return (
    sentences[code] ?? describeDamage(message) ?? describeShortage(message) ?? describeFullDisk(message) ?? message
  );
}

/** The same with the place that it is about, where the error names one: of what cannot be put somewhere, that place. */
export function describeWithPlace(error: unknown): string {
  const {code, path, dest} = error as NodeJS.ErrnoException & {dest?: string};
  const place = code === "ENOSPC" || code === "ENOTEMPTY" ? (dest ?? path) : path;
  const message = describeSystemError(error);
  return typeof place === "string" ? `${place}: ${message}` : message;
}

/** What DuckDB says below its first line is about settings that nobody can reach here. */
function describeShortage(message: string): string | null {
  const [, cause] = /^Out of Memory Error: (.*?)\.?$/m.exec(message) ?? [];
  if (cause === undefined) return null;
  return `the memory is not enough: ${cause}. Allow more with --memory-limit, or end what else runs on this machine.`;
}

/** DuckDB says of some files that a later step of it failed, and why below that. */
function describeFullDisk(message: string): string | null {
  const [, path] = /Could not write file "([^"\n]+)": No space left on device/.exec(message) ?? [];
  return path === undefined ? null : `${path}: ${sentences.ENOSPC}`;
}

const unreadable = /No files found that match|No magic bytes|too small to be a Parquet file|Failed to read file/;

/** What to do about a Parquet file on this machine that DuckDB cannot read. */
function describeDamage(message: string): string | null {
  const [, path] = /["']([^"'\n]+\.parquet)["']/.exec(message) ?? [];
  if (path === undefined || path.includes("://") || !unreadable.test(message)) return null;
  const remedy = /[\\/]snapshots[\\/][^\\/]+[\\/]marts[\\/][^\\/]+$/.test(path)
    ? "Restore the snapshot from a backup."
    : /[\\/]marts[\\/][^\\/]+$/.test(path)
      ? "Run `trueup reconcile --force`."
      : "Restore it from a backup, or move its folder out of the lake and run `trueup sync`.";
  return `${path} is missing or damaged. ${remedy}`;
}
