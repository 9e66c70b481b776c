/** What a page's script takes from a module. */
export interface ScriptImport {
  /** As the script names the module. */
  readonly path: string;
  /** Empty where it is taken as a whole. */
  readonly names: readonly string[];
}

const blockHead = /^const (.+) = await (?:Promise\.all\(\[)?(import\(.+\))/gm;
const call = /import\("([^"]*)"\)/g;

/** The imports of a page's blocks, which Framework turns into calls at the head of each block. */
export function blockImports(script: string): ScriptImport[] {
  return [...script.matchAll(blockHead)].flatMap(([, taken = "", calls = ""]) => {
    const lists = [...taken.matchAll(/\{([^}]*)\}|[\w$]+/g)].map(([, list = ""]) => list);
    return [...calls.matchAll(call)].map(([, path = ""], module) => ({path, names: namesOf(lists[module] ?? "")}));
  });
}

/** The imports before all blocks, of Framework's client. */
export function clientImports(script: string): ScriptImport[] {
  const imports = script.matchAll(/^import (?:\{(.*)\} from )?"(.*)";$/gm);
  return [...imports].map(([, list = "", path = ""]) => ({path, names: namesOf(list)}));
}

/** The modules that blocks ask for only in their course. */
export function laterImports(script: string): string[] {
  return [...script.replace(blockHead, "").matchAll(call)].map(([, path = ""]) => path);
}

/** As the module calls them: `a, b: c` are its a and b. */
function namesOf(list: string): string[] {
  return list
    .split(", ")
    .filter((name) => name !== "")
    .map((name) => name.split(":")[0] ?? "");
}
