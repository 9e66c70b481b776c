import {queryOf} from "./queryAddress.js";

/** A long query stands behind the `#` of the address: there the link to the content moves the focus, and the address stays. */
export function keepQueryOnSkip(page: Document = document): void {
  page.querySelector(".skip-link")?.addEventListener("click", (event) => {
    if (queryOf({search: "", hash: page.location.hash}) === null) return;
    event.preventDefault();
    page.querySelector<HTMLElement>("#observablehq-main")?.focus();
  });
}
