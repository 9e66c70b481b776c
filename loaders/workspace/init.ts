import {readdir, writeFile} from "node:fs/promises";
import {join, resolve} from "node:path";
import {mappingTables} from "../../src/lib/mappingTables.js";
import {canonicalTables, tablesOf} from "../canonical.js";
import {mostDigits} from "../columnKinds.js";
import {makeFolder} from "../files/makeFolder.js";
import {describeSystemError} from "../files/systemErrors.js";
import {ConfigurationError} from "../problems.js";
import {otherShapes} from "./otherShapes.js";

const settings = `# A Trueup workspace: everything that belongs to one managed service provider.
name: My MSP
currency: USD                 # ISO 4217; of everything that names no currency itself
# as_of: 2026-11-23           # work everything out for this day; default: today (UTC)
inactive_after_days: 21       # a seat unused for more days is inactive
stale_after_hours: 24         # data older than this makes its figures estimates
billed_basis: auto            # auto: invoices where they exist, else agreements; or invoice, or agreement
keep_syncs: 10                # how many syncs of each connection stay in the lake
# lake: s3://bucket/prefix     # in object storage instead of the folder lake; keys only in the environment
full_sync_days: 7             # a vendor that tells what changed is still read whole after so many days; 0: each time
sync_timeout_minutes: 120     # how long the sync of one connection may take

connections:
  # What is billed. Exactly one connection of a PSA.
  - id: psa
    connector: csv-psa
    path: imports/psa

  # What is used. As many as you have; the id names the folder in the lake.
  - id: m365
    connector: csv-usage
    path: imports/m365
    # exported_at: 2026-11-23T02:00:00Z   # default: the time of the oldest file
    # columns:                            # where your headers differ: name in imports/README.md: header in your file
    #   seats:
    #     seat_id: "User ID"
    #     identifier: "User principal name"
`;

/** Makes a commented starter workspace in an empty or new folder. */
export async function initWorkspace(directory: string): Promise<void> {
  if (directory.trim() === "") throw refusal("DIR", "names no folder.");
  if (!(await isEmpty(directory))) throw refusal(directory, "the folder is not empty.");
  const write = (name: string, text: string) => writeFile(join(directory, name), text, {flag: "wx"});
  try {
    for (const folder of ["mappings", "imports/psa", "imports/m365"]) await makeFolder(resolve(directory, folder));
    await write(".gitignore", "lake/\nmarts/\n.marts-*\n.last-report.json\n");
    for (const [name, {columns}] of Object.entries(mappingTables)) {
      await write(`mappings/${name}.csv`, `${columns.join(",")}\n`);
    }
    await write("imports/README.md", describeFiles());
    // Last, as it makes the folder a workspace: half of one must not pass for it.
    await write("workspace.yaml", settings);
  } catch (error) {
    throw refusal(directory, `no workspace can be made there: ${describeSystemError(error)}`);
  }
}

function refusal(file: string, message: string): ConfigurationError {
  return new ConfigurationError([{file, message, remedy: "Name a new or empty folder; nothing is ever overwritten."}]);
}

async function isEmpty(directory: string): Promise<boolean> {
  try {
    return (await readdir(directory)).length === 0;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return true;
    throw refusal(directory, `the folder cannot be read: ${describeSystemError(error)}`);
  }
}

const introductions = {
  psa: [
    "## From the PSA",
    "clients.csv and services.csv must be there. Nothing counts as billed without agreements and their lines, or invoices and\ntheirs.",
  ],
  usage: ["## From an integration", "accounts.csv and products.csv must be there, and seats.csv or counts.csv."],
};

/** The files that the CSV connectors read, as Markdown. */
function describeFiles(): string {
  const sections = (["psa", "usage"] as const).map((side) => {
    const tables = tablesOf(side).map(({name, description, columns}) => {
      const rows = columns.map(({name: column, required, kind, choices, description: meaning}) => {
        const form = kind === "choice" ? choices.join(", ") : kind;
        return `| ${column}${required ? " *" : ""} | ${form} | ${meaning} |`;
      });
      return [`### ${name}.csv`, "", description, "", "| column | form | meaning |", "|---|---|---|", ...rows].join(
        "\n",
      );
    });
    return [...introductions[side], ...tables].join("\n\n");
  });
  const intro = `# Files to import

CSV in UTF-8, separated by commas, with a header row. Empty means unknown. Numbers have a dot and neither thousands separator
nor currency sign, dates are YYYY-MM-DD, times ISO 8601 with their offset. Words from a list, and headers, are taken in any
case; a boolean is true or false, yes or no, 1 or 0. A column marked * must be there and filled. Before its dot a quantity has at most ${mostDigits.quantity} digits, a price ${mostDigits.price}, an
amount ${mostDigits.amount}. ${Object.keys(canonicalTables).length} files are known.`;
  return `${[intro, ...sections, otherShapes].join("\n\n")}\n`;
}
