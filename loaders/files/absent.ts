/** For what may not be there. Anything else that keeps it from being read is a failure: as if absent, it would change figures. */
export function nullIfAbsent(error: NodeJS.ErrnoException): null {
  if (error.code === "ENOENT") return null;
  throw error;
}
