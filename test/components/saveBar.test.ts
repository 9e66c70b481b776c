// @vitest-environment jsdom
import {afterEach, beforeEach, expect, it, vi} from "vitest";
import {saveBar} from "../../src/components/saveBar.js";
import {openDraft} from "../../src/lib/drafts.js";
import type {Folder} from "../../src/lib/saveFiles.js";
import {memoryFolder} from "../lib/memoryFolder.js";

const fileName = "mappings/clients.csv";
const columns = ["connection_id", "account_id", "client_id", "status", "note"];
const key = ["connection_id", "account_id"];
const text = "connection_id,account_id,client_id,status,note,decided_by,decided_at\nrmm,a,C1,confirmed,,,\n";
const hostile = "<img src=x onerror=alert(1)>";

beforeEach(() => localStorage.clear());
afterEach(() => vi.unstubAllGlobals());

type Given = {text?: string; pickFolder?: () => Promise<Folder>; problems?: () => string[]; onTakeBack?: () => void};

function open({text: given = text, ...options}: Given = {}) {
  const draft = openDraft({
    name: "mapping",
    workspace: "Test",
    files: [{fileName, text: given, columns, key}],
    now: () => new Date("2026-11-24T10:00:00Z"),
  });
  const bar = saveBar({draft, describe: ({after}) => `Account ${after?.account_id}`, ...options});
  document.body.replaceChildren(bar);
  return {draft, bar};
}

const decide = (note = hostile) => ({
  connection_id: "rmm",
  account_id: "b",
  client_id: "C2",
  status: "confirmed",
  note,
});

function button(name: string): HTMLButtonElement {
  const found = [...document.querySelectorAll("button")].find(({textContent}) => textContent?.startsWith(name));
  if (found === undefined) throw new Error(`There is no button ${name}.`);
  return found;
}

async function press(name: string): Promise<void> {
  button(name).click();
  await new Promise((done) => setTimeout(done));
}

function textOf(blob: Blob | undefined): Promise<unknown> {
  return new Promise((done) => {
    const reader = new FileReader();
    reader.onload = () => done(reader.result);
    reader.readAsText(blob as Blob);
  });
}

function enterName(name: string): void {
  const input = document.querySelector("input") as HTMLInputElement;
  input.value = name;
  input.dispatchEvent(new Event("input"));
}

it("counts the edits and offers nothing to save where there are none", () => {
  const {draft, bar} = open();
  expect(bar.textContent).toContain("No unsaved edits");
  expect(button("Review and save").hidden).toBe(true);
  draft.put(fileName, decide());
  expect(bar.textContent).toContain("1 unsaved edit");
  expect(button("Review and save").hidden).toBe(false);
});

it("takes edits, says that they are not kept, and saves them where the browser forbids to keep anything", async () => {
  const forbidden = vi.spyOn(globalThis, "localStorage", "get").mockImplementation(() => {
    throw new DOMException("denied", "SecurityError");
  });
  try {
    const {draft, bar} = open();
    draft.put(fileName, decide("one"));
    expect(bar.querySelector(".save-count")?.textContent).toBe(
      "1 unsaved edit, which this browser does not keep: save before you leave the page",
    );
    const made: Blob[] = [];
    vi.stubGlobal("URL", {createObjectURL: (blob: Blob) => made.push(blob), revokeObjectURL: () => {}});
    await press("Review and save");
    enterName("Ada");
    await press("Download clients.csv");
    expect(await textOf(made[0])).toContain("rmm,b,C2,confirmed,one,Ada,");
  } finally {
    forbidden.mockRestore();
  }
});

it("shows the difference first, as text whatever is in it", async () => {
  const {draft, bar} = open();
  draft.put(fileName, decide());
  await press("Review and save");
  expect(bar.querySelector("img")).toBeNull();
  expect(bar.querySelector(".diff-added")?.textContent).toContain(
    `rmm,b,C2,confirmed,${hostile},,2026-11-24T10:00:00Z`,
  );
});

it("draws a hundred edits and lines at once, and keeps what more was asked for while somebody types a name", async () => {
  const {draft, bar} = open();
  draft.together(() => {
    for (let index = 0; index < 250; index += 1) draft.put(fileName, {...decide(), account_id: `a${index}`});
  });
  await press("Review and save");
  const drawn = () => [".edits > li", ".diff-lines > div"].map((each) => bar.querySelectorAll(each).length);
  expect(drawn()).toEqual([100, 100]);
  await press("Show more");
  expect(drawn()).toEqual([200, 100]);
  enterName("Ada");
  expect(drawn()).toEqual([200, 100]);
  expect(bar.querySelector(".diff h3")?.textContent).toContain("250 lines added, 0 removed");
});

it("asks who decides before anything is saved, and remembers it", async () => {
  const {draft, bar} = open({pickFolder: () => Promise.reject(new Error("The folder cannot be opened."))});
  draft.put(fileName, decide());
  await press("Review and save");
  await press("Write into");
  expect(bar.querySelector(".outcome")?.textContent).toBe("Say who decides: the name goes into decided_by.");
  enterName("Ada");
  expect(bar.querySelector(".diff-added")?.textContent).toContain(",Ada,2026");
  await press("Write into");
  expect(bar.querySelector(".outcome.error")?.textContent).toBe("The folder cannot be opened.");
  open();
  await press("Review and save");
  expect(document.querySelector("input")?.value).toBe("Ada");
});

it("downloads the exact file", async () => {
  const {draft} = open();
  draft.put(fileName, decide("=1+1"));
  const made: Blob[] = [];
  vi.stubGlobal("URL", {createObjectURL: (blob: Blob) => made.push(blob), revokeObjectURL: () => {}});
  await press("Review and save");
  enterName("Ada");
  await press("Download clients.csv");
  expect(await textOf(made[0])).toBe(`${text}rmm,b,C2,confirmed,=1+1,Ada,2026-11-24T10:00:00Z\n`);
});

it("writes into the workspace's folder, and on from there after another edit", async () => {
  const files = new Map([
    ["workspace.yaml", "name: Test"],
    [fileName, text],
  ]);
  const {draft, bar} = open({pickFolder: async () => memoryFolder(files)});
  draft.put(fileName, decide("first"));
  await press("Review and save");
  enterName("Ada");
  await press("Write into");
  await vi.waitFor(() =>
    expect(bar.querySelector(".outcome")?.textContent).toMatch(/^mappings\/clients\.csv written\. Then run/),
  );
  const written = files.get(fileName);
  expect(written).toBe(`${text}rmm,b,C2,confirmed,first,Ada,2026-11-24T10:00:00Z\n`);
  draft.put(fileName, {...decide("second"), account_id: "c"});
  await press("Write into");
  await vi.waitFor(() =>
    expect(files.get(fileName)).toBe(`${written}rmm,c,C2,confirmed,second,Ada,2026-11-24T10:00:00Z\n`),
  );
});

it("says nothing where no folder was chosen after all", async () => {
  const {draft, bar} = open({pickFolder: () => Promise.reject(new DOMException("Nothing was chosen.", "AbortError"))});
  draft.put(fileName, decide());
  await press("Review and save");
  enterName("Ada");
  await press("Write into");
  expect(bar.querySelector(".outcome")).toMatchObject({textContent: "", className: "outcome"});
});

it("says what reconciling will refuse", async () => {
  const {draft, bar} = open({problems: () => [hostile, "The quantity is a number."]});
  draft.put(fileName, decide());
  await press("Review and save");
  expect([...bar.querySelectorAll("[role=alert] li")].map(({textContent}) => textContent)).toEqual([
    ...[hostile, "The quantity is a number."],
  ]);
});

it("takes single edits back, and tells the page", async () => {
  const onTakeBack = vi.fn();
  const {draft, bar} = open({onTakeBack});
  draft.put(fileName, decide());
  await press("Review and save");
  await press("Take back: Account b");
  expect(onTakeBack).toHaveBeenCalledOnce();
  expect(draft.edits()).toEqual([]);
  expect(bar.textContent).toContain("Nothing is left to save.");
});

it("points out edits that a newer build contradicts", async () => {
  open().draft.put(fileName, {...decide(), account_id: "a"});
  const {bar} = open({text: text.replace("C1", "C9")});
  expect(bar.textContent).toContain("1 unsaved edit, 1 in conflict with a newer build");
  await press("Review and save");
  expect(bar.querySelector("[role=alert]")?.textContent).toContain("Account a");
});

/** A folder as browsers give it, with the mappings in it. */
function folderOf(files: Map<string, string>): Folder {
  return {
    getDirectoryHandle: async () => folderOf(files),
    getFileHandle: async (name) => ({
      getFile: async () => ({text: async () => files.get(name) ?? ""}),
      createWritable: async () => ({write: async (written) => void files.set(name, written), close: async () => {}}),
    }),
  };
}

it("writes again after the dialog was closed, but nothing over what somebody else wrote", async () => {
  const files = new Map([["clients.csv", text]]);
  const pickFolder = async () => folderOf(files);
  const {draft, bar} = open({pickFolder});
  const writeEdit = async (account_id: string) => {
    draft.put(fileName, {...decide("one"), account_id});
    await press("Review and save");
    enterName("Ada");
    await press("Write into");
    const outcome = bar.querySelector(".outcome")?.textContent;
    await press("Close");
    document.querySelector("dialog")?.remove();
    return outcome;
  };
  expect(await writeEdit("b")).toContain("mappings/clients.csv written.");
  expect(await writeEdit("c")).toContain("mappings/clients.csv written.");
  const saved = files.get("clients.csv");
  expect(saved).toMatch(/rmm,b,.*\nrmm,c,/);
  files.set("clients.csv", `${saved}rmm,z,C9,confirmed,,Sam,\n`);
  expect(await writeEdit("d")).toContain("so nothing was written");
  expect(files.get("clients.csv")).toBe(`${saved}rmm,z,C9,confirmed,,Sam,\n`);
});

it("goes on after a reload from what it wrote, and says how a newer site is made where somebody else wrote", async () => {
  const files = new Map([
    ["workspace.yaml", "name: Test"],
    [fileName, text],
  ]);
  const writeEdit = async (account_id: string, given = text) => {
    const {draft, bar} = open({pickFolder: async () => memoryFolder(files), text: given});
    draft.put(fileName, {...decide("one"), account_id});
    await press("Review and save");
    enterName("Ada");
    await press("Write into");
    await vi.waitFor(() => expect(bar.querySelector(".outcome")?.textContent).toMatch(/written/));
    return bar.querySelector(".outcome")?.textContent;
  };
  expect(await writeEdit("b")).toContain("mappings/clients.csv written.");
  const first = files.get(fileName) ?? "";
  expect(await writeEdit("c")).toContain("mappings/clients.csv written.");
  const second = files.get(fileName) ?? "";
  expect(second).toMatch(/rmm,b,.*\nrmm,c,/);
  files.set(fileName, `${second}rmm,z,C9,confirmed,,Sam,\n`);
  expect(await writeEdit("d")).toBe(
    "mappings/clients.csv is not as it was when this site was built, so nothing was written. Run `trueup reconcile` and `trueup build`: the edits stay here.",
  );
  // Of a newer build, what was written before it may be what somebody else took back to.
  files.set(fileName, second);
  expect(await writeEdit("e", first)).toContain("so nothing was written");
  expect(files.get(fileName)).toBe(second);
});
