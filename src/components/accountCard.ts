import {html} from "htl";
import {
  type Account,
  type ClientMapping,
  type ClientService,
  decisionOf,
  editOf,
  excludeAccount,
  linkAccount,
  unlinkAccount,
} from "../lib/accounts.js";
import type {CsvRow} from "../lib/csvText.js";
import {siteRoot} from "../lib/data.js";
import {day, percent, plural, quantity} from "../lib/format.js";
import type {MappingDraft} from "../lib/mappingDraft.js";
import {type Choice, combobox} from "./combobox.js";

export interface AccountCardOptions {
  readonly account: Account;
  readonly mapping: ClientMapping;
  readonly clients: readonly Choice[];
  readonly draft: MappingDraft;
  /** After a decision, with what was decided still on the page. */
  readonly onDecide?: () => void;
}

/** One account and everything that helps to say whose it is. Nothing is decided but by a button. */
export function accountCard(options: AccountCardOptions): HTMLElement {
  const {account, draft} = options;
  const place = html`<div></div>` as HTMLElement;
  const decide = (act: () => void): void => {
    act();
    draw();
    place.querySelector<HTMLElement>("button")?.focus();
    options.onDecide?.();
  };
  const draw = (): void => {
    const edit = editOf(account, draft);
    place.replaceChildren(
      edit === undefined
        ? choices(options, decide)
        : html`<p class="decided"><span>${sentence(account, options)} <span class="quiet">Not saved yet.</span></span>
            <button type="button" ${{onclick: () => decide(() => draft.undo([edit]))}}>Undo<span class="visually-hidden"> the decision about ${account.account_name}</span></button></p>`,
    );
  };
  draw();
  return html`<article class="account" data-account=${account.key}>
    <h2><bdi>${account.account_name}</bdi></h2>
    <p class="facts"><span>${account.connection_id}</span>${account.domain === null ? "" : html`<span>${account.domain}</span>`}<span>${account.seats === null ? "seats not read yet" : plural(account.seats, "seat")}</span><span class="quiet">${account.account_id}</span></p>
    ${place}
  </article>`;
}

/** What is decided about an account, edits included. */
export function sentence(account: Account, {mapping, draft}: Pick<AccountCardOptions, "mapping" | "draft">): Node {
  const decision = decisionOf(account, draft);
  if (decision === null) return html`<span>Belongs to no client.</span>`;
  const note = decision.note ? html`<small><bdi>${decision.note}</bdi></small>` : "";
  if (decision.status === "excluded") return html`<span>Excluded${note}</span>`;
  const id = decision.client_id ?? "";
  return html`<span>Linked to <strong><bdi>${mapping.clients.get(id)?.client_name ?? id}</bdi></strong>${note}</span>`;
}

function choices(
  {account, mapping, clients, draft}: AccountCardOptions,
  decide: (act: () => void) => void,
): HTMLElement {
  const {decided, suggestions, products, connection_id} = account;
  const why = html`<input type="text" maxlength="200">` as HTMLInputElement;
  const problem = html`<p class="problem" role="status"></p>` as HTMLElement;
  const other = html`<div></div>` as HTMLElement;
  const link = (clientId: string): void => decide(() => linkAccount(account, clientId, why.value.trim(), draft));
  const exclude = (): void => {
    const reason = why.value.trim();
    if (reason !== "") decide(() => excludeAccount(account, reason, draft));
    else {
      problem.textContent = "Say why this account is excluded.";
      why.focus();
    }
  };
  const offer = (clientId: string, evidence: Node | string, isBest = false): Node =>
    candidate({
      clientId,
      name: mapping.clients.get(clientId)?.client_name ?? clientId,
      slug: mapping.clients.get(clientId)?.slug ?? null,
      isGone: mapping.clients.get(clientId)?.status === "inactive",
      evidence,
      services: mapping.services(clientId),
      connectionId: connection_id,
      action:
        decided?.status === "confirmed" && decided.client_id === clientId
          ? html`<span class="quiet">linked now</span>`
          : html`<button type="button" class=${isBest ? "primary" : ""} ${{onclick: () => link(clientId)}}>Link<span class="visually-hidden"> ${account.account_name} to ${mapping.clients.get(clientId)?.client_name ?? clientId}</span></button>`,
    });
  const current = decided?.status === "confirmed" ? (decided.client_id ?? "") : "";
  return html`<div class="judge">
    <section class="used"><h3>Used here</h3>
      ${
        products.length === 0
          ? html`<p class="quiet">${account.list === "linked" ? "See the client’s page." : "No seats are known."}</p>`
          : html`<ul class="plain">${products.map((product) => html`<li><span>${product.product_name ?? product.product_id}</span> <strong>${quantity(product.seats)}</strong></li>`)}</ul>`
      }
    </section>
    <section class="candidates"><h3>${current === "" ? "Whose is it?" : "Whose is it really?"}</h3>
      <ul class="plain">
        ${current === "" ? "" : offer(current, html`<span class="quiet">as decided${by(decided)}${decided?.note ? html`: <bdi>${decided.note}</bdi>` : ""}</span>`)}
        ${suggestions.map((one) => offer(one.client_id, html`<span><strong>${percent(one.score)}</strong> ${one.evidence}</span>`, Number(one.score) >= resembles))}
        ${suggestions.length === 0 && current === "" ? html`<li class="quiet">No client resembles it by name or domain.</li>` : ""}
      </ul>
      ${combobox({
        label: suggestions.length === 0 ? "Choose the client" : "Another client",
        choices: clients,
        placeholder: "Type a name or id",
        onChoose: (id) =>
          other.replaceChildren(
            ...(id === "" ? [] : [html`<ul class="plain">${offer(id, "chosen by you", true)}</ul>`]),
          ),
      })}
      ${other}
    </section>
    <div class="why"><label class="field">Why, as a note ${why}</label>
      ${decided?.status === "excluded" ? "" : html`<button type="button" ${{onclick: exclude}}>Exclude<span class="visually-hidden"> ${account.account_name}</span></button>`}
      ${decided === null ? "" : html`<button type="button" ${{onclick: () => decide(() => unlinkAccount(account, draft))}}>Remove the decision<span class="visually-hidden"> about ${account.account_name}</span></button>`}
      ${problem}
    </div>
  </div>`;
}

/** ` by Ada, 1 Nov 2026`, as far as the row of the mapping says so. */
function by(row: CsvRow | null): Node | string {
  const {decided_by = "", decided_at = ""} = row ?? {};
  const when = decided_at === "" ? "" : `, ${day(decided_at)}`;
  return decided_by === "" ? when : html` by <bdi>${decided_by}</bdi>${when}`;
}

/** From here on names and domains count as alike, as in the models. */
const resembles = 0.88;

interface Candidate {
  readonly clientId: string;
  readonly name: string;
  readonly slug: string | null;
  /** Inactive in the PSA. */
  readonly isGone: boolean;
  readonly evidence: Node | string;
  readonly services: readonly ClientService[];
  readonly connectionId: string;
  readonly action: Node;
}

/** A client that an account may belong to, with what it is billed: first what the account's integration counts. */
function candidate({clientId, name, slug, isGone, evidence, services, connectionId, action}: Candidate): Node {
  const isHere = ({connection_ids}: ClientService): boolean => (connection_ids ?? "").split(";").includes(connectionId);
  const here = services.filter(isHere);
  const others = services.filter((service) => !isHere(service));
  return html`<li class="candidate">
    <div><p class="name">${slug === null ? html`<bdi>${name}</bdi>` : html`<a href=${`${siteRoot()}/clients/${slug}`}><bdi>${name}</bdi></a>`} <span class="quiet">${clientId}${isGone ? ", inactive in the PSA" : ""}</span></p>
      <p class="evidence">${evidence}</p>
      ${here.length === 0 ? html`<p class="quiet">Not billed for anything that ${connectionId} counts.</p>` : html`<ul class="plain billed">${here.map(billed)}</ul>`}
      ${others.length === 0 ? "" : html`<details><summary>${plural(others.length, "other billed service")}</summary><ul class="plain billed">${others.map(billed)}</ul></details>`}
    </div>
    ${action}
  </li>`;
}

function billed({service_name, invoiced, expected}: ClientService): Node {
  return html`<li>${service_name}: billed <strong>${quantity(invoiced)}</strong>, ${expected === null ? "not counted" : html`used <strong>${quantity(expected)}</strong>`}</li>`;
}
