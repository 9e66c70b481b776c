import {queryOf} from "./queryAddress.js";

/** A long query stands behind the `#` of the address: there the link to the content moves the focus, and the address stays. */
export function keepQueryOnSkip(): void {
  document.querySelector(".skip-link")?.addEventListener("click", (event) => {
    if (queryOf({search: "", hash: location.hash}) === null) return;
    event.preventDefault();
    document.querySelector<HTMLElement>("#observablehq-main")?.focus();
  });
}
