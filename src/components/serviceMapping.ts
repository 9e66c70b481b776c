import {html} from "htl";
import type {CsvRow} from "../lib/csvText.js";
import type {Edit} from "../lib/drafts.js";
import {count, percent, plural, quantity} from "../lib/format.js";
import {groupBy} from "../lib/groupBy.js";
import type {MappingDraft} from "../lib/mappingDraft.js";
import {matches, mentions, optionsOf} from "../lib/matches.js";
import {covers, readRule} from "../lib/readRule.js";
import {
  type Connection,
  nextRuleId,
  type Product,
  readServiceMapping,
  ruleEdit,
  type Service,
  type ServiceMapping,
  type ServiceMappingData,
  servicesFile,
  whyLeftOut,
} from "../lib/serviceRules.js";
import {type UrlState, urlState} from "../lib/urlState.js";
import {filterBar} from "./filters.js";
import {followAddress} from "./followAddress.js";
import {inPortions, portion} from "./inPortions.js";
import {ruleEditor} from "./ruleEditor.js";
import {tabs} from "./tabs.js";
import {type WorkbenchOptions, workbench} from "./workbench.js";

/** Which products are billed as which service: by integration, and by service. */
export function serviceMapping(
  data: ServiceMappingData,
  options: WorkbenchOptions,
  state: UrlState = urlState(),
): HTMLElement {
  const mapping = readServiceMapping(data);
  return workbench(options, describeRule(mapping), (draft) => ruleLists(mapping, draft, state));
}

/** `Rule R38, Power BI: Counts active seats of Power BI Pro in m365.` */
function describeRule({names, services}: ServiceMapping): (edit: Edit) => string {
  return ({fileName, after, before}) => {
    const row = after ?? before ?? {};
    if (fileName !== servicesFile) {
      return `${row.account_id ?? fileName} (${row.connection_id}) → ${row.status === "excluded" ? "excluded" : names.client(row.client_id ?? "")}`;
    }
    const service = services.find(({service_id}) => service_id === row.service_id)?.service_name ?? row.service_id;
    return `Rule ${row.rule_id}, ${service}: ${after === null ? "removed" : readRule(after, names)}`;
  };
}

interface RuleContext {
  readonly mapping: ServiceMapping;
  readonly draft: MappingDraft;
  readonly state: UrlState;
  /** How far each list was opened. */
  readonly shown: Map<string, number>;
  /** Shows the editor of a rule where it stands, or none. */
  readonly edit: (rule: CsvRow | null, place: string) => void;
  /** The rule that is edited, and where. */
  readonly editing: () => {readonly rule: CsvRow; readonly place: string} | null;
}

function ruleLists(mapping: ServiceMapping, draft: MappingDraft, state: UrlState): HTMLElement {
  const place = html`<div></div>` as HTMLElement;
  let edited: {rule: CsvRow; place: string} | null = null;
  const context: RuleContext = {
    mapping,
    draft,
    state,
    shown: new Map(),
    editing: () => edited,
    edit(rule, where) {
      const last = edited;
      edited = rule && {rule, place: where};
      draw();
      const opener = [...place.querySelectorAll<HTMLElement>("[data-opens]")].find(
        ({dataset}) => dataset.opens === last?.place,
      );
      const target = place.querySelector<HTMLElement>(
        rule === null ? '[role="tab"][aria-selected="true"]' : ".rule-editor :is(input, select)",
      );
      (rule === null ? (opener ?? target) : target)?.focus();
    },
  };
  const view = (): string => state.get("view") || (state.get("service") === "" ? "products" : "services");
  const draw = (): void => {
    const unaccounted = mapping.products.filter(({unaccounted: units}) => units !== null).length;
    place.replaceChildren(
      tabs(
        "Rules",
        [
          {
            id: "products",
            label: `By integration${unaccounted === 0 ? "" : ` (${count(unaccounted)} unaccounted)`}`,
            content: () => byIntegration(context),
          },
          {id: "services", label: "By service", content: () => byService(context)},
        ],
        view(),
        (chosen) => state.push({view: chosen}),
      ),
    );
  };
  const bar = (): HTMLElement =>
    filterBar(
      [
        {
          kind: "chip",
          name: "product",
          label: (id) => `Product: ${mapping.products.find(({product_id}) => product_id === id)?.product_name ?? id}`,
        },
        {
          kind: "chip",
          name: "service",
          label: (id) => `Service: ${mapping.services.find(({service_id}) => service_id === id)?.service_name ?? id}`,
        },
        {kind: "search", name: "search", label: "Search product, service"},
        {
          kind: "several",
          name: "integration",
          label: "Integration",
          options: optionsOf(mapping.connections, "connection_id"),
        },
      ],
      state,
      draw,
      () =>
        view() === "services"
          ? plural(servicesPassing(context).length, "service")
          : plural(productsPassing(context).length, "product"),
    );
  const whole = html`<div></div>` as HTMLElement;
  followAddress(state, whole, () => {
    draw();
    whole.replaceChildren(bar(), place);
  });
  return whole;
}

function productsPassing({mapping, state}: RuleContext): Product[] {
  return mapping.products.filter(
    (product) =>
      matches(product, state, {integration: "connection_id", product: "product_id"}) &&
      mentions(state.get("search"), product.product_name, product.product_id),
  );
}

function byIntegration(context: RuleContext): HTMLElement {
  const {mapping, draft} = context;
  const shown = groupBy(productsPassing(context), ({connection_id}) => connection_id);
  const rules = groupBy(draft.rows(servicesFile), ({connection_id}) => connection_id ?? "");
  const sections = mapping.connections
    .map(({connection_id}) => ({connection_id, products: shown.get(connection_id) ?? []}))
    .filter(({products}) => products.length > 0)
    .sort((a, b) => Number(isUnaccounted(b.products)) - Number(isUnaccounted(a.products)));
  const isAnyRead = mapping.connections.some(isRead);
  const unlisted = isAnyRead ? withoutProducts(context) : [];
  return html`<div>
    <p class="lead">What each integration shows, and the rules that count it. What no rule covers is unaccounted.</p>
    ${sections.length === 0 && unlisted.length === 0 ? html`<p class="empty">${isAnyRead ? "No product passes these filters." : "No integration has been read yet, so no product is known."}</p>` : ""}
    ${unlisted.map((text) => html`<p class="quiet unlisted">${text}</p>`)}
    ${sections.map(({connection_id, products}) => integration(connection_id, products, rules.get(connection_id) ?? [], context))}
  </div>`;
}

/** Which integrations no product is known of, and whether it is because they have none. */
function withoutProducts({mapping, state}: RuleContext): string[] {
  if (state.get("product") !== "" || state.get("search") !== "") return [];
  const listed = new Set(mapping.products.map(({connection_id}) => connection_id));
  const others = mapping.connections.filter(
    (one) => !listed.has(one.connection_id) && matches(one, state, {integration: "connection_id"}),
  );
  const named = (what: string, among: readonly Connection[]): string[] =>
    among.length === 0 ? [] : [`${what}: ${among.map(({connection_id}) => connection_id).join(", ")}.`];
  return [
    ...named("Read, without a product", others.filter(isRead)),
    ...named(
      "Never read, so no product is known",
      others.filter((one) => !isRead(one)),
    ),
  ];
}

function isRead({last_success_at}: Connection): boolean {
  return last_success_at !== null;
}

function isUnaccounted(products: readonly Product[]): boolean {
  return products.some(({unaccounted}) => unaccounted !== null);
}

function integration(
  connectionId: string,
  products: readonly Product[],
  rules: readonly CsvRow[],
  context: RuleContext,
): HTMLElement {
  const first = products.toSorted(
    (a, b) => Number(b.unaccounted ?? 0) - Number(a.unaccounted ?? 0) || Number(b.seats) - Number(a.seats),
  );
  return html`<section class="integration"><h2>${connectionId}</h2>
    ${list(connectionId, first, (product) => productItem(connectionId, product, rules, context), context)}
  </section>`;
}

function list<T>(name: string, rows: readonly T[], item: (row: T) => Node, {shown}: RuleContext): Node[] {
  return inPortions(html`<ul class="plain"></ul>` as HTMLElement, rows, item, {name, shown});
}

function productItem(
  connectionId: string,
  product: Product,
  all: readonly CsvRow[],
  context: RuleContext,
): HTMLElement {
  const {draft, mapping} = context;
  const rules = all.filter((rule) => covers(rule, product));
  const place = `product ${connectionId} ${product.product_id}`;
  const suggested = mapping.services.find(({service_id}) => service_id === product.suggested_service_id);
  const add = (): void =>
    context.edit(
      newRule(draft, {
        connection_id: connectionId,
        product_ids: product.product_id,
        service_id: suggested?.service_id ?? "",
      }),
      place,
    );
  const isOpen = context.editing()?.place === place;
  return html`<li class=${product.unaccounted === null ? "product" : "product unaccounted"}>
    <div class="product-head">
      <p><strong>${product.product_name ?? product.product_id}</strong> <span class="quiet">${[product.unit, product.product_id].filter((part) => part !== null && part !== product.product_name).join(" · ")}</span></p>
      <p class="facts"><span>${product.seats === "0" ? "no single seats" : plural(product.seats, "seat")}</span>${
        product.unlinked === "0" ? "" : html`<span>${quantity(product.unlinked)} of unlinked accounts</span>`
      }${product.is_trial === "true" ? html`<span>trial or free: never billed</span>` : ""}${whyLeftOut(draft, product).map((reason) => html`<span>${reason}</span>`)}${
        product.unaccounted === null
          ? ""
          : html`<span class="unaccounted-count">${quantity(product.unaccounted)} unaccounted over ${plural(product.unaccounted_clients ?? "0", "client")}</span>`
      }</p>
      ${suggested === undefined || rules.some((rule) => ruleEdit(rule, draft) !== undefined) ? "" : html`<p class="evidence">Looks like <strong>${suggested.service_name}</strong>: ${percent(product.score)}, ${product.evidence}.</p>`}
      <button type="button" data-opens=${place} ${{onclick: add}}>${product.unaccounted === null ? "Add a rule" : "Bill it"}<span class="visually-hidden"> for ${product.product_name ?? product.product_id}</span></button>
    </div>
    ${ruleList(rules, place, context)}
    ${isOpen ? editor(context) : ""}
  </li>`;
}

function servicesPassing({mapping, state, draft}: RuleContext): Service[] {
  const rules = draft.rows(servicesFile);
  return mapping.services.filter(
    (service) =>
      matches(service, state, {service: "service_id"}) &&
      mentions(state.get("search"), service.service_name, service.service_id) &&
      (state.get("integration") === "" ||
        rules.some(
          (rule) =>
            rule.service_id === service.service_id && state.list("integration").includes(rule.connection_id ?? ""),
        )),
  );
}

function byService(context: RuleContext): HTMLElement {
  const {mapping, draft} = context;
  const rules = draft.rows(servicesFile);
  const passing = servicesPassing(context);
  return html`<div>
    <p class="lead">What is billed, and how each service is counted. A service without a rule is not compared.</p>
    ${passing.length === 0 ? html`<p class="empty">${mapping.services.length === 0 ? "The PSA has no services yet." : "No service passes these filters."}</p>` : ""}
    ${list("services", passing, (service) => serviceItem(service, rules, context), context)}
  </div>`;
}

function serviceItem(service: Service, all: readonly CsvRow[], context: RuleContext): HTMLElement {
  const place = `service ${service.service_id}`;
  const rules = all.filter(({service_id}) => service_id === service.service_id);
  const add = (): void => context.edit(newRule(context.draft, {service_id: service.service_id}), place);
  return html`<li class="product">
    <div class="product-head">
      <p><strong>${service.service_name}</strong> <span class="quiet">${[service.unit, service.service_id].filter((part) => part !== null).join(" · ")}</span></p>
      <p class="facts"><span>${Number(service.clients) === 0 ? "not billed now" : `billed ${quantity(service.billed)} over ${plural(service.clients, "client")}`}</span>${
        rules.length === 0 ? html`<span class="quiet">no rule: not compared</span>` : ""
      }</p>
      <button type="button" data-opens=${place} ${{onclick: add}}>Add a rule<span class="visually-hidden"> for ${service.service_name}</span></button>
    </div>
    ${ruleList(rules, place, context)}
    ${context.editing()?.place === place ? editor(context) : ""}
  </li>`;
}

function newRule(draft: MappingDraft, fields: CsvRow): CsvRow {
  return {rule_id: nextRuleId(draft.rows(servicesFile)), status: "active", ...fields};
}

/** Rules that hold today first; the others are out of the way. */
function ruleList(rules: readonly CsvRow[], place: string, context: RuleContext): Node | string {
  const isPast = (rule: CsvRow): boolean =>
    ruleEdit(rule, context.draft) === undefined &&
    context.mapping.states.get(rule.rule_id ?? "")?.is_in_force === "false";
  const item = (rule: CsvRow): Node => ruleItem(rule, `${place} ${rule.rule_id}`, context);
  const past = rules.filter(isPast);
  const present = rules.filter((rule) => !isPast(rule));
  // What was edited is not to be beyond what is drawn at first.
  const isEdited = (rule: CsvRow): number => (ruleEdit(rule, context.draft) === undefined ? 0 : 1);
  const first = present.length > portion ? present.toSorted((a, b) => isEdited(b) - isEdited(a)) : present;
  const isOpen = past.some(({rule_id}) => context.editing()?.place === `${place} ${rule_id}`);
  return html`<div class="rules">
    ${list(place, first, item, context)}
    ${past.length === 0 ? "" : html`<details open=${isOpen}><summary class="quiet">${plural(past.length, "rule")} not in force</summary>${list(`${place} past`, past, item, context)}</details>`}
  </div>`;
}

function ruleItem(rule: CsvRow, place: string, context: RuleContext): HTMLElement {
  const {mapping, draft} = context;
  const service =
    mapping.services.find(({service_id}) => service_id === rule.service_id)?.service_name ?? rule.service_id;
  const isOpen = context.editing()?.place === place;
  return html`<li class="rule">
    <div><span class="rule-id">${rule.rule_id}</span> ${place.startsWith("product") ? html`<strong>${service}</strong>` : ""}
      <p>${readRule(rule, mapping.names)}${rule.note ? html`<small><bdi>${rule.note}</bdi></small>` : ""}</p>
      <p class="facts">${ruleFacts(rule, context).map((fact) => html`<span>${fact}</span>`)}${ruleEdit(rule, draft) === undefined ? "" : html`<span class="unsaved">not saved yet</span>`}</p>
    </div>
    ${isOpen ? "" : html`<button type="button" data-opens=${place} ${{onclick: () => context.edit(rule, place)}}>Edit<span class="visually-hidden"> rule ${rule.rule_id}</span></button>`}
    ${isOpen ? editor(context) : ""}
  </li>`;
}

/** What a rule counts today, as the site was built. */
function ruleFacts(rule: CsvRow, {mapping}: RuleContext): string[] {
  const state = mapping.states.get(rule.rule_id ?? "");
  if (state === undefined) return ["new"];
  if (state.is_in_force === "false") return [rule.status === "off" ? "turned off" : "not in force today"];
  const counts = mapping.counts.filter(({rule_id}) => rule_id === rule.rule_id);
  if (counts.length === 0) return ["counts nothing today"];
  const each = counts.map(({product_id, counted}) =>
    counts.length === 1
      ? quantity(counted)
      : `${quantity(counted)} ${mapping.names.product(rule.connection_id ?? "", product_id)}`,
  );
  return [`counts ${each.join(", ")} today over ${plural(state.clients, "client")}`];
}

function editor(context: RuleContext): Node {
  const {rule, place} = context.editing() as {rule: CsvRow; place: string};
  const {mapping, draft} = context;
  return ruleEditor({rule, mapping, draft, onClose: () => context.edit(null, place)});
}
