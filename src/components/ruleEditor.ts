import {html} from "htl";
import type {CsvRow} from "../lib/csvText.js";
import {count, plural, words} from "../lib/format.js";
import type {MappingDraft} from "../lib/mappingDraft.js";
import {seatKinds, seatStatuses} from "../lib/mappingTables.js";
import {itemsOf, readRule} from "../lib/readRule.js";
import {
  isComplete,
  presetFields,
  presetsFor,
  productsOf,
  ruleEdit,
  type ServiceMapping,
  seatsPassing,
  servicesFile,
} from "../lib/serviceRules.js";
import {type Choice, combobox} from "./combobox.js";
import {say} from "./say.js";

export interface RuleEditorOptions {
  readonly rule: CsvRow;
  readonly mapping: ServiceMapping;
  readonly draft: MappingDraft;
  readonly onClose: () => void;
}

const counts: Readonly<Record<string, string>> = {
  "": "Seats",
  identities: "People, each once",
  purchased: "Purchased, as the vendor totals it",
  assigned: "Assigned, as the vendor totals it",
  active: "In active use, as the vendor totals it",
  reported: "Amount that the vendor reports",
};

/** Every field of a rule, with what it says in plain words. Each change goes into the draft at once, and so into the preview. */
export function ruleEditor({rule: given, mapping, draft, onClose}: RuleEditorOptions): HTMLElement {
  const start = ruleEdit(given, draft);
  const isNew = start?.before === null || !draft.rows(servicesFile).some(({rule_id}) => rule_id === given.rule_id);
  let rule: CsvRow = given;
  const sentence = html`<span></span>` as HTMLElement;
  const remark = html`<small></small>` as HTMLElement;
  const offered = html`<div></div>` as HTMLElement;
  const products = html`<div></div>` as HTMLElement;
  const arithmetic = html`<div class="arithmetic"></div>` as HTMLElement;

  const set = (fields: CsvRow): void => {
    rule = {...rule, ...fields};
    if (isComplete(rule)) draft.put(servicesFile, rule);
    draw();
  };
  const undo = (): void => {
    const edit = ruleEdit(rule, draft);
    if (edit !== undefined) draft.undo([edit]);
    if (start?.after != null) draft.put(servicesFile, start.after);
    onClose();
  };
  const draw = (): void => {
    const {seats, passing} = seatsPassing(mapping, rule);
    const isTotal = !["", "seats", "identities"].includes(rule.count ?? "");
    say(sentence, readRule(rule, mapping.names));
    if (!isComplete(rule)) say(remark, "Choose a service and at least one product to see what it would change.");
    else if (isTotal) say(remark, "");
    else
      say(
        remark,
        `${count(passing)} of ${plural(seats, "seat")} of these products pass its kinds and statuses, whoever they belong to.`,
      );
    drawPresets();
  };
  const drawPresets = (): void => {
    const service = mapping.services.find(({service_id}) => service_id === rule.service_id);
    const presets = presetsFor(mapping, productsOf(mapping, rule), service);
    const isSet = (fields: CsvRow): boolean =>
      Object.entries(fields).every(([column, cell]) => (rule[column] ?? "") === cell);
    const focused = offered.querySelector(":focus")?.getAttribute("data-preset");
    offered.replaceChildren(
      presets.length === 0
        ? ""
        : html`<fieldset class="presets"><legend>Usually billed</legend>${presets.map(
            (preset) =>
              html`<button type="button" data-preset=${preset.id} aria-pressed=${String(isSet(presetFields(preset)))} ${{
                onclick: () => {
                  set(presetFields(preset));
                  drawArithmetic();
                },
              }}>${preset.name}<small>${preset.description}</small></button>`,
          )}</fieldset>`,
    );
    if (focused != null) offered.querySelector<HTMLElement>(`[data-preset="${focused}"]`)?.focus();
  };
  const drawProducts = (): void => {
    const chosen = new Set(itemsOf(rule.product_ids));
    // Those that the rule counts first: of a vendor's hundred they would be out of sight.
    const all = mapping.products
      .filter(({connection_id}) => connection_id === rule.connection_id)
      .sort((a, b) => Number(chosen.has(b.product_id)) - Number(chosen.has(a.product_id)));
    const gone = [...chosen].filter((id) => id !== "*" && !all.some(({product_id}) => product_id === id));
    const box = (id: string, label: string, note: string): Node =>
      html`<label class="check"><input type="checkbox" checked=${chosen.has(id)} ${{
        onchange: (event: Event) => {
          const isOn = (event.target as HTMLInputElement).checked;
          if (id === "*") chosen.clear();
          else chosen.delete("*");
          if (isOn) chosen.add(id);
          else chosen.delete(id);
          set({product_ids: [...chosen].join(";")});
          for (const input of products.querySelectorAll<HTMLInputElement>("input"))
            input.checked = chosen.has(input.value);
        },
      }} value=${id}> <span>${label} <span class="quiet">${note}</span></span></label>`;
    products.replaceChildren(
      all.length === 0 && gone.length === 0
        ? html`<p class="quiet">Choose an integration to see its products.</p>`
        : html`<fieldset class="boxes"><legend>Products</legend>
            ${box("*", "Every product", "also those to come")}
            ${all.map(({product_id, product_name, seats}) => box(product_id, product_name ?? product_id, seats === "0" ? "no single seats" : plural(seats, "seat")))}
            ${gone.map((id) => box(id, id, "no longer there"))}
          </fieldset>`,
    );
  };
  const drawArithmetic = (): void => {
    arithmetic.replaceChildren(
      several("Kinds", "kinds", seatKinds, "every one where none is ticked"),
      several("Statuses", "statuses", seatStatuses, "active where none is ticked"),
      html`<div class="fields">
        ${field(
          "Count",
          html`<select ${{onchange: (event: Event) => set({count: entered(event)})}}>${Object.entries(counts).map(
            ([value, label]) =>
              html`<option value=${value} selected=${value === (rule.count === "seats" ? "" : (rule.count ?? ""))}>${label}</option>`,
          )}</select>`,
        )}
        ${number("Multiplier", "multiplier", "1")}${number("At least", "minimum", "none")}${number("At most", "maximum", "none")}
      </div>`,
    );
  };
  const several = (label: string, column: string, all: readonly string[], note: string): Node => {
    const chosen = new Set(itemsOf(rule[column]).map((item) => item.toLowerCase()));
    return html`<fieldset class="boxes row"><legend>${label}, ${note}</legend>${all.map(
      (item) =>
        html`<label class="check"><input type="checkbox" checked=${chosen.has(item)} ${{
          onchange: (event: Event) => {
            if ((event.target as HTMLInputElement).checked) chosen.add(item);
            else chosen.delete(item);
            set({[column]: all.filter((one) => chosen.has(one)).join(";")});
          },
        }}> ${words(item)}</label>`,
    )}</fieldset>`;
  };
  const number = (label: string, column: string, placeholder: string): Node =>
    field(
      label,
      html`<input type="text" inputmode="decimal" placeholder=${placeholder} value=${rule[column] ?? ""} ${{oninput: (event: Event) => set({[column]: entered(event)})}}>`,
    );
  const day = (label: string, column: string): Node =>
    field(
      label,
      html`<input type="date" value=${rule[column] ?? ""} ${{onchange: (event: Event) => set({[column]: entered(event)})}}>`,
    );

  const services: Choice[] = mapping.services.map(({service_id, service_name, unit}) => ({
    value: service_id,
    label: service_name,
    note: [service_id, unit].filter((part) => part !== null).join(" · "),
  }));
  const clients: Choice[] = mapping.clients.map(({client_id, client_name}) => ({
    value: client_id,
    label: client_name,
    note: client_id,
  }));
  drawProducts();
  drawArithmetic();
  draw();
  return html`<form class="rule-editor" aria-label=${`Rule ${rule.rule_id}`} ${{onsubmit: (event: Event) => event.preventDefault()}}>
    <p class="reading" role="status">${sentence}${remark}</p>
    <div class="fields">
      ${combobox({label: "Service", choices: services, value: rule.service_id, placeholder: "Type a name or id", onChoose: (service_id) => set({service_id})})}
      ${field(
        "Integration",
        html`<select ${{
          onchange: (event: Event) => {
            set({connection_id: entered(event), product_ids: ""});
            drawProducts();
          },
        }}><option value="">Choose…</option>${mapping.connections.map(
          ({connection_id}) =>
            html`<option value=${connection_id} selected=${connection_id === rule.connection_id}>${connection_id}</option>`,
        )}</select>`,
      )}
      ${combobox({label: "Client", choices: clients, value: rule.client_id, placeholder: "Every client", onChoose: (client_id) => set({client_id})})}
    </div>
    ${products}
    ${offered}
    ${arithmetic}
    <div class="fields">
      ${day("From, first day", "valid_from")}${day("Until, first day without it", "valid_to")}
      ${field(
        "Status",
        html`<select ${{onchange: (event: Event) => set({status: entered(event)})}}>${["active", "off"].map(
          (value) =>
            html`<option value=${value} selected=${value === (rule.status || "active")}>${words(value)}</option>`,
        )}</select>`,
      )}
      ${field("Why, as a note", html`<input type="text" maxlength="200" value=${rule.note ?? ""} ${{oninput: (event: Event) => set({note: entered(event)})}}>`)}
    </div>
    <div class="actions">
      <button type="button" class="primary" ${{onclick: onClose}}>Done</button>
      <button type="button" ${{onclick: undo}}>${isNew ? "Discard" : "Undo these changes"}</button>
      ${
        isNew
          ? ""
          : html`<button type="button" ${{
              onclick: () => {
                draft.remove(servicesFile, rule);
                onClose();
              },
            }}>Remove the rule</button>`
      }
    </div>
  </form>`;
}

function field(label: string, control: Node): HTMLElement {
  return html`<label class="field">${label} ${control}</label>`;
}

function entered(event: Event): string {
  return (event.target as HTMLInputElement | HTMLSelectElement).value.trim();
}
