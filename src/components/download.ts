import {html} from "htl";

/** Offers text or bytes as a file. */
export function download(name: string, content: string | Uint8Array, type = "text/csv;charset=utf-8"): void {
  const url = URL.createObjectURL(new Blob([content as BlobPart], {type}));
  html`<a href=${url} download=${name}></a>`.click();
  setTimeout(() => URL.revokeObjectURL(url), 1000);
}
