import {describe, expect, it, vi} from "vitest";
import {type DraftOptions, openDraft} from "../../src/lib/drafts.js";
import {memoryStorage} from "./memoryStorage.js";

const fileName = "mappings/clients.csv";
const text = "connection_id,account_id,client_id,status,note\nrmm,a,C1,confirmed,\nrmm,b,C2,confirmed,\n";
const columns = ["connection_id", "account_id", "client_id", "status", "note"];
const key = ["connection_id", "account_id"];
const link = (account: string, client: string, note = "") => ({
  connection_id: "rmm",
  account_id: account,
  client_id: client,
  status: "confirmed",
  note,
});

const open = (options: Partial<DraftOptions> & {text?: string} = {}) =>
  openDraft({
    name: "mapping",
    workspace: "Northwind IT",
    files: [{fileName, text: options.text ?? text, columns, key}],
    storage: memoryStorage(),
    now: () => new Date("2026-11-24T10:11:12.345Z"),
    ...options,
  });

it("says who decided and when in the line of the decision", () => {
  const draft = open();
  draft.put(fileName, link("c", "C3", "seen on the phone"));
  expect(draft.changes("Ada")).toEqual([
    {
      fileName,
      before: text,
      after:
        "connection_id,account_id,client_id,status,note,decided_by,decided_at\nrmm,a,C1,confirmed,,,\n" +
        "rmm,b,C2,confirmed,,,\nrmm,c,C3,confirmed,seen on the phone,Ada,2026-11-24T10:11:12Z\n",
      addedColumns: ["decided_by", "decided_at"],
    },
  ]);
});

it("adds who decided and when once, where a file that lacks them is known to have them", () => {
  const draft = open({files: [{fileName, text, columns: [...columns, "decided_by", "decided_at"], key}]});
  draft.put(fileName, link("b", "C9"));
  expect(draft.changes("Ada")[0]?.after.split("\n")[0]).toBe(
    "connection_id,account_id,client_id,status,note,decided_by,decided_at",
  );
});

it("forgets an edit that is taken back or leads back to the row as it was", () => {
  const draft = open();
  draft.put(fileName, link("a", "C9"));
  draft.put(fileName, link("a", "C1"));
  draft.put(fileName, link("b", "C9"));
  draft.undo(draft.edits());
  expect(draft.edits()).toEqual([]);
  expect(draft.changes("Ada")).toEqual([]);
});

it("shows rows with their edits and tells whoever listens", () => {
  const draft = open();
  let told = 0;
  draft.onChange(() => {
    told += 1;
  });
  draft.remove(fileName, link("a", "C1"));
  draft.put(fileName, link("c", "C3"));
  expect(draft.rows(fileName).map(({account_id}) => account_id)).toEqual(["b", "c"]);
  expect(told).toBe(2);
});

it("keeps edits that are made together at once, also where making them fails halfway", () => {
  const writes: string[] = [];
  const draft = open({storage: {...memoryStorage(), setItem: (_, value) => void writes.push(value)}});
  draft.together(() => {
    draft.put(fileName, link("a", "C9"));
    draft.put(fileName, link("c", "C3"));
  });
  expect(writes.map((text) => JSON.parse(text).length)).toEqual([2]);
  const fail = () =>
    draft.together(() => {
      draft.put(fileName, link("d", "C4"));
      throw new Error("broken");
    });
  expect(fail).toThrow("broken");
  expect(writes.map((text) => JSON.parse(text).length)).toEqual([2, 3]);
});

it("finds the edit of a row by its key", () => {
  const draft = open();
  draft.put(fileName, link("a", "C9"));
  expect(draft.editOf(fileName, {connection_id: "rmm", account_id: "a"})?.after).toMatchObject({client_id: "C9"});
  expect(draft.editOf(fileName, {connection_id: "rmm", account_id: "b"})).toBeUndefined();
});

it("takes up what another tab decides, and keeps it with the next decision of this one", () => {
  const window = new EventTarget();
  vi.stubGlobal("window", window);
  const storage = memoryStorage();
  const [one, other] = [open({storage}), open({storage})];
  vi.unstubAllGlobals();
  let told = 0;
  one.onChange(() => {
    told += 1;
  });
  other.put(fileName, link("c", "C3"));
  window.dispatchEvent(Object.assign(new Event("storage"), {key: "something else"}));
  expect([one.edits().length, told]).toEqual([0, 0]);
  window.dispatchEvent(Object.assign(new Event("storage"), {key: "trueup draft mapping Northwind IT"}));
  expect([one.edits().length, told]).toEqual([1, 1]);
  one.put(fileName, link("d", "C4"));
  expect(open({storage}).edits()).toMatchObject([{after: {client_id: "C3"}}, {after: {client_id: "C4"}}]);
});

it("takes up what other pages decided when Back shows the page as it was left, and keeps what this browser does not", () => {
  const window = new EventTarget();
  vi.stubGlobal("window", window);
  const storage = memoryStorage();
  const full = {
    ...storage,
    setItem: () => {
      throw new Error("There is no room.");
    },
  };
  const [one, other, unkept] = [open({storage}), open({storage}), open({storage: full})];
  vi.unstubAllGlobals();
  let told = 0;
  one.onChange(() => {
    told += 1;
  });
  const show = (persisted: boolean) => window.dispatchEvent(Object.assign(new Event("pageshow"), {persisted}));
  unkept.put(fileName, link("e", "C5"));
  other.put(fileName, link("c", "C3"));
  show(false);
  expect([one.edits().length, told]).toEqual([0, 0]);
  show(true);
  show(true);
  expect([one.edits().length, told]).toEqual([1, 1]);
  one.put(fileName, link("d", "C4"));
  expect(open({storage}).edits()).toMatchObject([{after: {client_id: "C3"}}, {after: {client_id: "C4"}}]);
  expect(unkept.edits()).toMatchObject([{after: {client_id: "C5"}}]);
});

describe("after a reload", () => {
  it("has the same edits", () => {
    const storage = memoryStorage();
    open({storage}).put(fileName, link("c", "C3"));
    expect(open({storage}).edits()).toMatchObject([{after: {account_id: "c", client_id: "C3"}}]);
  });

  it("of another workspace has none of them", () => {
    const storage = memoryStorage();
    open({storage}).put(fileName, link("c", "C3"));
    expect(open({storage, workspace: "Other"}).edits()).toEqual([]);
  });

  it("of a build that has read an edit no longer has it", () => {
    const storage = memoryStorage();
    const draft = open({storage});
    draft.put(fileName, link("c", "C3"));
    draft.put(fileName, link("a", "C9"));
    const built = `${text}rmm,c,C3,confirmed,\n`;
    expect(open({storage, text: built}).edits()).toMatchObject([{after: {account_id: "a"}}]);
  });

  it("points out edits whose row was changed by somebody else, until they are made again or taken back", () => {
    const storage = memoryStorage();
    open({storage}).put(fileName, link("a", "C9"));
    const built = text.replace("C1", "C5");
    expect(open({storage, text: built}).conflicts()).toMatchObject([
      {before: {client_id: "C1"}, after: {client_id: "C9"}},
    ]);
    const again = open({storage, text: built});
    expect(again.conflicts()).toHaveLength(1);
    again.put(fileName, link("a", "C9"));
    expect(again.conflicts()).toEqual([]);
    expect(again.changes("Ada")[0]?.after).toContain("rmm,a,C9,confirmed");
  });

  it.each(["nonsense", "null", '{"edits":1}', '[{"fileName":1}]', '[{"key":"a","after":{"x":1}}]'])(
    "starts empty where the storage holds %s",
    (found) => {
      expect(open({storage: {...memoryStorage(), getItem: () => found}}).edits()).toEqual([]);
    },
  );
});

it("says where the browser has no room for edits, and goes on with them until the page is left", () => {
  const room = {isFull: false};
  const storage = memoryStorage();
  const full = {
    ...storage,
    setItem(name: string, value: string) {
      if (room.isFull) throw new DOMException("Quota exceeded", "QuotaExceededError");
      storage.setItem(name, value);
    },
  };
  const draft = open({storage: full});
  const told = vi.fn();
  draft.onChange(told);
  draft.put(fileName, link("c", "C3"));
  room.isFull = true;
  draft.put(fileName, link("d", "C4"));
  expect([draft.isKept(), draft.edits().length, told.mock.calls.length]).toEqual([false, 2, 2]);
  expect(open({storage: full}).edits()).toHaveLength(1);
  draft.undo(draft.edits());
  expect(draft.isKept()).toBe(true);
});
