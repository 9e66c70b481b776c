/** From a page at the root to another one, with what that is filtered by: `./billing?direction=under`. */
export function pageAddress(page: string, query: Readonly<Record<string, string>>): string {
  const text = new URLSearchParams(query).toString();
  return text === "" ? `./${page}` : `./${page}?${text}`;
}
