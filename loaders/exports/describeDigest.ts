import {isCompared} from "../../src/lib/figures.js";
import {count, day, moment, money, percent, plural, signedMoney, signedQuantity, words} from "../../src/lib/format.js";
import {groupBy} from "../../src/lib/groupBy.js";
import {escapeHtml} from "../escapeHtml.js";
import {describeFailure, describeQuarantine} from "../marts/caveats.js";
import {knownTotals} from "../marts/summaryTotals.js";
import {withoutControls} from "../terminalText.js";
import {withNumbers} from "../withNumbers.js";
import type {Digest} from "./digest.js";
import type {Row} from "./openMarts.js";

/** A part of the digest: a heading, sentences, and a table whose first row is its header. */
interface Section {
  readonly title: string;
  readonly sentences: readonly string[];
  readonly table: readonly (readonly string[])[];
}

const text = (value: unknown): string => (value === null || value === undefined ? "" : String(value));
const decimal = (value: unknown): string | null => (value === null || value === undefined ? null : String(value));

/** The digest as JSON, to read again and for other programs. */
export function digestAsJson(digest: Digest): string {
  const [currencies, quarantines] = [digest.currencies, digest.quarantines].map((rows) => rows.map(withNumbers));
  return `${JSON.stringify({...digest, currencies, quarantines}, null, 2)}\n`;
}

/** The digest as a Markdown document: what vendors named shows as it is written, whatever it looks like. */
export function digestAsMarkdown(digest: Digest): string {
  const row = (cells: readonly string[]): string => `| ${cells.map(escapeMarkdown).join(" | ")} |`;
  const parts = sectionsOf(digest).flatMap(({title, sentences, table}) => [
    `## ${escapeMarkdown(title)}`,
    ...sentences.map(escapeMarkdown),
    ...(table.length > 1
      ? [[row(table[0] ?? []), `|${" --- |".repeat(table[0]?.length ?? 0)}`, ...table.slice(1).map(row)].join("\n")]
      : []),
  ]);
  return `${[`# ${escapeMarkdown(digest.workspace)}: billed against used`, `As of ${day(digest.as_of)}.`, ...parts].join("\n\n")}\n`;
}

/** The digest as a whole HTML document without scripts, as a mail can carry it. */
export function digestAsHtml(digest: Digest): string {
  const cells = (tag: string, row: readonly string[]): string =>
    `<tr>${row.map((cell) => `<${tag} style="text-align:left;padding:4px 12px 4px 0;border-bottom:1px solid #ddd">${escapeHtml(cell)}</${tag}>`).join("")}</tr>`;
  const parts = sectionsOf(digest).map(({title, sentences, table}) =>
    [
      `<h2 style="font-size:18px;margin:28px 0 8px">${escapeHtml(title)}</h2>`,
      ...sentences.map((sentence) => `<p>${escapeHtml(sentence)}</p>`),
      table.length > 1
        ? `<table style="border-collapse:collapse">\n<thead>${cells("th", table[0] ?? [])}</thead>\n<tbody>\n${table
            .slice(1)
            .map((row) => cells("td", row))
            .join("\n")}\n</tbody></table>`
        : "",
    ].join("\n"),
  );
  const title = `${escapeHtml(digest.workspace)}: billed against used`;
  return `<!doctype html>
<html lang="en">
<head><meta charset="utf-8"><title>${title}</title></head>
<body style="font:15px/1.5 system-ui,sans-serif;color:#1b2430;max-width:860px;margin:24px auto;padding:0 16px">
<h1 style="font-size:24px">${title}</h1>
<p>As of ${day(digest.as_of)}.</p>
${parts.join("\n")}
</body>
</html>
`;
}

function sectionsOf(digest: Digest): Section[] {
  return [headline(digest), largest(digest), changes(digest), syncs(digest)];
}

function headline({currencies}: Digest): Section {
  const found = (row: Row, title: string, prefix: "" | "open_" | "decided_"): string[] => {
    const {under, over} = knownTotals(row, prefix);
    return [
      `${text(row.currency)} ${title}`,
      count(text(row[prefix === "" ? "discrepancy_count" : `${prefix}count`])),
      ...[under, over].map((sum) => (sum === null ? "unknown" : money(sum, text(row.currency)))),
    ];
  };
  const rows = currencies.flatMap((row) => [
    found(row, "found", ""),
    found(row, "open", "open_"),
    found(row, "decided", "decided_"),
  ]);
  return {
    title: "Found, per month",
    sentences: currencies.map((row) => `${text(row.currency)}: ${headlineOf(row)}`),
    table: [["", "discrepancies", "underbilled", "overbilled"], ...rows],
  };
}

function headlineOf(row: Row): string {
  if (!isCompared(row)) return "nothing was compared, so what is under- or overbilled is unknown.";
  const {under, over, net} = knownTotals(row);
  const sum = (value: string | null, format: typeof money): string =>
    value === null ? "unknown" : format(value, text(row.currency));
  const unpriced = Number(row.unpriced_count ?? 0);
  const leftOut =
    unpriced === 0
      ? ""
      : `, without ${plural(unpriced, "discrepancy")} that ${unpriced === 1 ? "has" : "have"} no price`;
  const coverage = decimal(row.coverage_amount);
  return `underbilled ${sum(under, money)}, overbilled ${sum(over, money)}, net ${sum(net, signedMoney)}${leftOut}${coverage === null ? "." : `; ${percent(coverage)} of what is billed was compared.`}`;
}

function largest({top, open_count, currencies}: Digest): Section {
  const open = currencies.filter((row) => Number(row.open_count) > 0);
  const shown = (row: Row): number => top.filter(({currency}) => currency === row.currency).length;
  return {
    title: "Largest on the work list",
    sentences:
      open_count === 0
        ? [
            currencies.some(isCompared)
              ? "Of what could be compared, nothing is open."
              : "Nothing was compared, so nothing is known to be open.",
          ]
        : open.length <= 1
          ? [`${top.length} of ${plural(open_count, "open discrepancy")}.`]
          : open.map(
              (row) => `${shown(row)} of ${plural(text(row.open_count), "open discrepancy")} in ${text(row.currency)}.`,
            ),
    table: [
      ["client", "service", "difference", "a month", "type", "likely cause", "owner"],
      ...top.map((row) => [
        text(row.client_name),
        text(row.service_name),
        signedQuantity(decimal(row.delta_quantity)),
        signedMoney(decimal(row.impact_monthly), text(row.currency)),
        words(text(row.discrepancy_type)).toLowerCase() + (row.decision_state === "open" ? "" : ", decided before"),
        words(text(row.likely_cause)).toLowerCase(),
        text(row.owner),
      ]),
    ],
  };
}

function changes({since, changes: found}: Digest): Section {
  const longest = 20;
  const groups = [...groupBy(found, ({currency}) => currency).values()];
  const shown = groups.flatMap((group) => group.slice(0, longest));
  const which = `the first ${longest} of them${groups.length > 1 ? " in each currency" : ""} below`;
  const sentence =
    since === null
      ? "Nothing earlier is known: close a month, or name an earlier report with --since."
      : found.length === 0
        ? "Nothing changed."
        : `${count(found.length)} changed${shown.length < found.length ? `, ${which}` : ""}.`;
  return {
    title: since === null ? "Changes" : `Changes since ${since.length === 7 ? since : day(since)}`,
    sentences: [sentence],
    table: [
      ["change", "client", "service", "a month before", "a month now"],
      ...shown.map((row) => [
        words(row.change).toLowerCase(),
        row.client_name,
        row.service_name,
        row.change === "new" ? "" : signedMoney(row.previous_impact_monthly, row.currency),
        row.delta_quantity === null ? "" : signedMoney(row.impact_monthly, row.currency),
      ]),
    ],
  };
}

function syncs({sync_problems, quarantines}: Digest): Section {
  return {
    title: "Syncs",
    sentences: [
      ...(sync_problems.length === 0 ? ["Every connection is green."] : []),
      ...quarantines.map(describeQuarantine),
    ],
    table: [
      ["connection", "health", "why", "last good data"],
      ...sync_problems.map((row) => [
        text(row.connection_id),
        text(row.health),
        `${text(row.health_reason)}${describeFailure(row)}`,
        moment(decimal(row.last_success_at)),
      ]),
    ],
  };
}

/** Text as it may stand in Markdown, in a table's cell too: nothing in it becomes a link, a tag or a mention. */
export function escapeMarkdown(value: string): string {
  return withoutControls(value)
    .replace(/\s+/g, " ")
    .replace(/[\\`*_[\]<>|&~#!@]|:(?=\/\/)/g, (character) => `\\${character}`)
    .replace(/\bwww\./gi, (prefix) => `${prefix.slice(0, -1)}\\.`);
}
