const sentences: Readonly<Record<string, string>> = {
  EACCES: "you may not read or write there.",
  EPERM: "you may not read or write there.",
  EROFS: "nothing can be written there.",
  ENOENT: "there is no such file or folder.",
  ENOTDIR: "a part of the path is a file, not a folder.",
  EISDIR: "is a folder, not a file.",
  ENOSPC: "the disk is full.",
  EMFILE: "too many files are open.",
};

/** What the operating system refused, without the names of its calls; any other error's own message. */
export function describeSystemError(error: unknown): string {
  const {code = "", message} = error as NodeJS.ErrnoException;
  return sentences[code] ?? message;
}
