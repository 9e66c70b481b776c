import {html} from "htl";
import {
  type Account,
  type AccountList,
  type ClientMapping,
  type ClientMappingData,
  decisionOf,
  editOf,
  readClientMapping,
} from "../lib/accounts.js";
import {readRows} from "../lib/csvText.js";
import type {Edit} from "../lib/drafts.js";
import {count, day, plural, quantity} from "../lib/format.js";
import type {MappingDraft} from "../lib/mappingDraft.js";
import {mappingFile} from "../lib/mappingTables.js";
import {matches, mentions, optionsOf} from "../lib/matches.js";
import {type UrlState, urlState} from "../lib/urlState.js";
import {accountCard, sentence} from "./accountCard.js";
import {drawAddressed} from "./addressedTable.js";
import {bulkLink} from "./bulkLink.js";
import type {Choice} from "./combobox.js";
import type {TableColumn} from "./dataTable.js";
import {filterBar} from "./filters.js";
import {followAddress} from "./followAddress.js";
import {inPortions} from "./inPortions.js";
import {openDialog} from "./openDialog.js";
import {tabs} from "./tabs.js";
import {type WorkbenchOptions, workbench} from "./workbench.js";

const lists: readonly {readonly id: AccountList; readonly label: string; readonly lead: string}[] = [
  {id: "unlinked", label: "Unlinked", lead: "Accounts without a decision. Their use is in no client’s figures."},
  {
    id: "doubtful",
    label: "Look wrong",
    lead: "Accounts whose name and domain fit another client, and not the one they are linked to. One that is right all the same, as after a merger, stays here and changes no figure.",
  },
  {id: "linked", label: "Linked", lead: "Accounts that are linked to a client. A client may have several."},
  {id: "excluded", label: "Excluded", lead: "Accounts left out for a reason. Their seats count for no client."},
];

/** Which account belongs to which client: what is undecided, what looks wrong, what is decided. */
export function clientMapping(
  data: ClientMappingData,
  options: WorkbenchOptions,
  state: UrlState = urlState(),
): HTMLElement {
  const mapping = readClientMapping(data, readRows(options.files.clients));
  return workbench(options, describeLink(mapping), (draft) => accountLists(mapping, draft, state));
}

/** `Brightwater Marine (rmm) → Brightwater Ltd` */
function describeLink(mapping: ClientMapping): (edit: Edit) => string {
  const accounts = new Map(mapping.accounts.map((account) => [account.key, account]));
  return ({fileName, key, after, before}) => {
    if (fileName !== mappingFile("clients")) return describeOther(fileName, after ?? before ?? {});
    const row = after ?? before ?? {};
    const name = `${accounts.get(key)?.account_name ?? row.account_id} (${row.connection_id})`;
    if (after === null) return `${name}: undecided again`;
    if (after.status === "excluded") return `${name}: excluded, ${after.note}`;
    return `${name} → ${mapping.clients.get(after.client_id ?? "")?.client_name ?? after.client_id}`;
  };
}

function describeOther(fileName: string, row: Readonly<Record<string, string>>): string {
  return fileName === mappingFile("services") ? `Rule ${row.rule_id} for ${row.service_id}` : fileName;
}

function accountLists(mapping: ClientMapping, draft: MappingDraft, state: UrlState): HTMLElement {
  const {accounts} = mapping;
  const clients: Choice[] = [...mapping.clients.values()]
    .sort((a, b) => a.client_name.localeCompare(b.client_name, "en"))
    .map(({client_id, client_name, status}) => ({
      value: client_id,
      label: client_name,
      note: status === "inactive" ? `${client_id}, inactive` : client_id,
    }));
  const place = html`<div></div>` as HTMLElement;
  const select = (list: AccountList): Account[] => accounts.filter((one) => one.list === list && passes(one, state));
  const label = ({id, label: name}: (typeof lists)[number]): string => `${name} (${count(select(id).length)})`;
  const draw = (): void => {
    const wanted = state.get("list") || lists.find(({id}) => select(id).length > 0)?.id || "unlinked";
    place.replaceChildren(
      tabs(
        "Accounts",
        lists.map((list) => ({
          id: list.id,
          label: label(list),
          content: () => accountList(list, select(list.id), {mapping, draft, clients, state, redraw: draw}),
        })),
        wanted,
        (list) => state.push({list, page: "", sort: ""}),
      ),
    );
  };
  const bar = (): HTMLElement =>
    filterBar(
      [
        {kind: "chip", name: "client", label: (id) => `Client: ${mapping.clients.get(id)?.client_name ?? id}`},
        {kind: "search", name: "search", label: "Search account, domain, client"},
        {kind: "several", name: "integration", label: "Integration", options: optionsOf(accounts, "connection_id")},
      ],
      state,
      () => {
        state.set({page: ""});
        draw();
      },
      () => lists.map(label).join(", "),
    );
  const whole = html`<div></div>` as HTMLElement;
  followAddress(state, whole, () => {
    draw();
    whole.replaceChildren(bar(), place);
  });
  return whole;

  function passes(account: Account, {get}: UrlState): boolean {
    const {decided, suggestions} = account;
    const client = get("client");
    const linked = mapping.clients.get(decided?.client_id ?? "")?.client_name ?? null;
    return (
      matches(account, state, {integration: "connection_id"}) &&
      (client === "" || decided?.client_id === client || suggestions.some((one) => one.client_id === client)) &&
      mentions(
        get("search"),
        account.account_name,
        account.account_id,
        account.domain,
        linked,
        ...suggestions.map((one) => one.client_name),
      )
    );
  }
}

interface ListContext {
  readonly mapping: ClientMapping;
  readonly draft: MappingDraft;
  readonly clients: readonly Choice[];
  readonly state: UrlState;
  readonly redraw: () => void;
}

function accountList({id, lead}: (typeof lists)[number], accounts: readonly Account[], context: ListContext): Node {
  const isJudged = id === "unlinked" || id === "doubtful";
  const isSuggested = accounts.some(({list, suggestions}) => list === "unlinked" && suggestions.length > 0);
  return html`<div>
    <p class="lead">${lead}</p>
    ${isSuggested ? bulkLink(context.mapping, context.draft, context.redraw) : ""}
    ${accounts.length === 0 ? html`<p class="empty">${context.mapping.accounts.length === 0 ? "No account is known: no integration has been read yet, or none that was has one." : "None."}</p>` : isJudged ? cards(accounts, context) : decidedTable(accounts, context)}
  </div>`;
}

function cards(accounts: readonly Account[], {mapping, draft, clients}: ListContext): HTMLElement {
  const bySeats = accounts.toSorted((a, b) => Number(b.seats) - Number(a.seats));
  const place = html`<div class="accounts"></div>` as HTMLElement;
  return html`<div>${inPortions(place, bySeats, (account) => accountCard({account, mapping, clients, draft}))}</div>`;
}

function decidedTable(accounts: readonly Account[], context: ListContext): HTMLElement {
  const {mapping, draft, state} = context;
  const place = html`<div class="listing"></div>` as HTMLElement;
  const dialogs = html`<div></div>` as HTMLElement;
  const columns: TableColumn<Account>[] = [
    {
      key: "account",
      label: "Account",
      isLong: true,
      render: (account) =>
        html`<span><bdi>${account.account_name}</bdi><small>${[account.connection_id, account.domain].filter(Boolean).join(" · ")}</small></span>`,
      sortValue: ({account_name}) => account_name,
    },
    {
      key: "decision",
      label: "Decision",
      isLong: true,
      render: (account) =>
        html`<span>${sentence(account, context)}${editOf(account, draft) === undefined ? "" : html`<span class="unsaved">not saved yet</span>`}</span>`,
      sortValue: (account) =>
        mapping.clients.get(account.decided?.client_id ?? "")?.client_name ?? account.decided?.note ?? null,
    },
    {
      key: "seats",
      label: "Seats",
      isNumber: true,
      render: ({seats}) => quantity(seats),
      sortValue: ({seats}) => Number(seats),
    },
    {
      key: "by",
      label: "Decided",
      render: (account) => decidedBy(account, draft),
      sortValue: ({decided}) => decided?.decided_at || null,
    },
    {
      key: "change",
      label: "Change",
      isAction: true,
      render: (account) =>
        html`<button type="button" class="link" data-change=${account.key} ${{onclick: () => open(account)}}>Change<span class="visually-hidden"> the decision about ${account.account_name} in ${account.connection_id}</span></button>`,
      sortValue: () => null,
    },
  ];
  const open = (account: Account): void => {
    const dialog = html`<dialog class="save-dialog" aria-label=${`Decide about ${account.account_name}`}>
      <div class="save-head"><span></span><button type="button" ${{onclick: () => dialog.close?.()}}>Close</button></div>
      ${accountCard({...context, account, onDecide: () => dialog.close?.()})}
    </dialog>` as HTMLDialogElement;
    openDialog(dialog, dialogs, () => {
      draw();
      [...place.querySelectorAll<HTMLElement>("[data-change]")]
        .find((button) => button.dataset.change === account.key)
        ?.focus();
    });
  };
  const draw = (): void =>
    drawAddressed(place, {
      caption: "Decided accounts",
      columns,
      rows: accounts,
      usualSort: "account",
      state,
      empty: "None.",
    });
  draw();
  return html`<div><p class="count">${plural(accounts.length, "account")}</p>${place}${dialogs}</div>`;
}

function decidedBy(account: Account, draft: MappingDraft): Node | string {
  const decision = decisionOf(account, draft);
  if (!decision?.decided_at) return "—";
  return html`<span>${day(decision.decided_at)}<small><bdi>${decision.decided_by}</bdi></small></span>`;
}
