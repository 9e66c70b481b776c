/** Which filters of a table are set, and to what, as it says on paper. */
export function filtersSet(table: HTMLElement): string {
  document.body.replaceChildren(table);
  window.dispatchEvent(new Event("beforeprint"));
  const told = table.querySelector(".filters-set")?.textContent ?? "";
  window.dispatchEvent(new Event("afterprint"));
  return told;
}
