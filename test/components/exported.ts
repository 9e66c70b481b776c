import {vi} from "vitest";

/** What the button Export CSV of a table writes, line by line. */
export async function exported(table: HTMLElement): Promise<string[]> {
  const made: Blob[] = [];
  vi.stubGlobal("URL", {createObjectURL: (blob: Blob) => `#${made.push(blob)}`, revokeObjectURL: () => {}});
  [...table.querySelectorAll("button")].find(({textContent}) => textContent === "Export CSV")?.click();
  const text = await new Promise<string>((done) => {
    const reader = new FileReader();
    reader.onload = () => done(String(reader.result));
    reader.readAsText(made[0] as Blob);
  });
  return text.trim().split("\r\n");
}
