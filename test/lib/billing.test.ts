// @vitest-environment jsdom
import {expect, it} from "vitest";
import {
  type BillingClient,
  type BillingFilter,
  type BillingRow,
  type BillingTables,
  billingFilter,
  type ComparedRow,
  totalsByCurrency,
} from "../../src/lib/billing.js";

const client = (id: string, over: Partial<BillingClient> = {}): BillingClient => ({
  client_id: id,
  slug: id,
  client_name: `Client ${id}`,
  currency: "USD",
  service_count: "3",
  flagged_count: "0",
  billing_cycle: "monthly",
  period_start: null,
  period_end: null,
  next_invoice_date: null,
  coverage_amount: null,
  worst_health: "green",
  ...over,
});

const row = (id: string, impact: string | null, over: Partial<ComparedRow> = {}): ComparedRow => ({
  client_id: id,
  currency: "USD",
  service_id: "mail",
  label: "Mail",
  product: null,
  connection_ids: "m365",
  status: "discrepancy",
  discrepancy_type: "calculated",
  direction: impact === null || !impact.startsWith("-") ? "1" : "-1",
  impact_monthly: impact,
  is_billed: "true",
  ...over,
});

const filterOf = (
  clients: readonly BillingClient[],
  rows: readonly ComparedRow[],
  more: Partial<BillingTables> = {},
): ((filter: BillingFilter) => BillingRow[]) =>
  billingFilter({clients, rows, seats: [], flags: [], connections: [], ...more});

const all: BillingFilter = {
  client: "",
  currency: "",
  service: "",
  integrations: [],
  types: [],
  direction: "",
  search: "",
  minimumCents: 0,
  onlyFlagged: false,
};

it("sums under- and overbilled apart, in cents", () => {
  const rows = [row("A", "0.10"), row("A", "0.20", {service_id: "edr"}), row("A", "-5.00", {service_id: "mfa"})];
  expect(filterOf([client("A")], rows)(all)).toMatchObject([{underCents: 30, overCents: 500, discrepancies: 3}]);
});

it("recomputes counts and amounts for the rows that pass", () => {
  const rows = [row("A", "10.00"), row("A", "4.00", {service_id: "edr", connection_ids: "edr;rmm"})];
  const seats = [
    {client_id: "A", connection_id: "m365", seats: "9"},
    {client_id: "A", connection_id: "rmm", seats: "4"},
  ];
  expect(filterOf([client("A")], rows, {seats})(all)).toMatchObject([{underCents: 1400, seats: 13}]);
  expect(filterOf([client("A")], rows, {seats})({...all, integrations: ["rmm"]})).toMatchObject([
    {underCents: 400, discrepancies: 1, services: 1, seats: 4},
  ]);
});

it("counts all flags of a client, and of rows that pass those of their services, in whatever currency these are", () => {
  const clients = [client("A", {flagged_count: "6"}), client("A", {flagged_count: "6", currency: "EUR"})];
  const rows = [
    row("A", "10.00"),
    row("A", "4.00", {service_id: "edr", connection_ids: "edr"}),
    row("A", "2.00", {service_id: "mfa", currency: "EUR"}),
  ];
  const flags = [
    {client_id: "A", service_id: "mail", flags: "2"},
    {client_id: "A", service_id: "mfa", flags: "3"},
  ];
  const filter = filterOf(clients, rows, {flags});
  expect(filter(all)).toMatchObject([
    {flags: 6, flaggedServices: []},
    {flags: 6, flaggedServices: []},
  ]);
  expect(filter({...all, integrations: ["m365"]})).toMatchObject([{flags: 5}, {flags: 5}]);
  expect(filter({...all, service: "service:mail"})).toMatchObject([{flags: 2, flaggedServices: ["service:mail"]}]);
  expect(filter({...all, integrations: ["edr"]})).toMatchObject([{flags: 0}]);
  expect(filter({...all, integrations: ["edr"], onlyFlagged: true})).toEqual([]);
});

it("takes the health of the PSA and of what counts the rows that pass", () => {
  const connection = (connection_id: string, kind: string): BillingTables["connections"][number] => ({
    ...{connection_id, kind},
    health: "green",
    health_reason: "",
  });
  const connections = [connection("psa", "psa"), connection("edr", "usage"), connection("m365", "usage")];
  const rows = [row("A", "10.00"), row("A", "4.00", {service_id: "edr", connection_ids: "edr"})];
  const seats = ["edr", "m365"].map((connection_id) => ({client_id: "A", connection_id, seats: "1"}));
  const filter = filterOf([client("A")], rows, {connections, seats});
  const idsOf = (wanted: BillingFilter) =>
    filter(wanted)[0]
      ?.connections()
      .map(({connection_id}) => connection_id);
  expect(idsOf(all)).toEqual(["psa", "edr", "m365"]);
  expect(idsOf({...all, service: "service:edr"})).toEqual(["psa", "edr"]);
});

it("takes the health of a connection that was never read where a client is linked to it, and no seats of it as none", () => {
  const connections = ["edr", "m365"].map((connection_id) => ({
    ...{connection_id, kind: "usage", health: "red", health_reason: ""},
  }));
  const seatsOf = (...seats: BillingTables["seats"]) =>
    filterOf([client("A")], [], {connections, seats})(all).map((shown) => [
      shown.seats,
      ...shown.connections().map(({connection_id}) => connection_id),
    ]);
  const unread = {client_id: "A", connection_id: "edr", seats: null};
  expect(seatsOf(unread)).toEqual([[null, "edr"]]);
  expect(seatsOf(unread, {client_id: "A", connection_id: "m365", seats: "3"})).toEqual([[3, "edr", "m365"]]);
});

it("drops a client of which no row passes, and keeps it where no filter looks at rows", () => {
  expect(filterOf([client("A")], [])(all)).toHaveLength(1);
  expect(filterOf([client("A")], [])({...all, types: ["unmapped"]})).toHaveLength(0);
});

it("counts a discrepancy without a price, and adds nothing for it", () => {
  expect(filterOf([client("A")], [row("A", null)])(all)).toMatchObject([
    {discrepancies: 1, unpriced: 1, underCents: 0, overCents: 0},
  ]);
});

it("counts apart what has no price on either side, what is reconciled and what was not compared", () => {
  const rows = [
    row("A", null),
    ...["edr", "mfa"].map((service_id) => row("A", null, {service_id, direction: "-1"})),
    ...["no_data", "not_reconciled", "not_reconciled"].map((status) => row("A", null, {status, direction: "0"})),
    row("A", "0.00", {status: "reconciled", direction: "0"}),
  ];
  const filter = filterOf([client("A")], rows);
  expect(filter(all)).toMatchObject([
    {discrepancies: 3, unpricedUnder: 1, unpricedOver: 2, uncompared: 3, reconciled: 1},
  ]);
  expect(filter({...all, direction: "under"})).toMatchObject([{discrepancies: 1, unpricedUnder: 1, unpricedOver: 0}]);
  expect(filter({...all, direction: "over"})).toMatchObject([{discrepancies: 2, unpricedUnder: 0, unpricedOver: 2}]);
});

it("takes as directed only what differs, not what is reconciled", () => {
  const rows = [row("A", "0.00", {status: "reconciled", discrepancy_type: null, direction: "0"})];
  expect(filterOf([client("A")], rows)({...all, direction: "over"})).toHaveLength(0);
});

it("takes a direction that there is none of for neither: the filter is shown, and nothing passes it", () => {
  const rows = [row("A", "10.00"), row("A", "-4.00", {service_id: "edr", direction: "-1"})];
  expect(filterOf([client("A")], rows)({...all, direction: "sideways"})).toEqual([]);
});

it("compares the minimum with the sum of both directions", () => {
  const rows = [row("A", "30.00"), row("A", "-30.00", {service_id: "edr"})];
  expect(filterOf([client("A")], rows)({...all, minimumCents: 6000})).toHaveLength(1);
  expect(filterOf([client("A")], rows)({...all, minimumCents: 6001})).toHaveLength(0);
});

it("never adds amounts of different currencies", () => {
  const clients = [client("A"), client("A", {currency: "EUR"})];
  const rows = [row("A", "1.00"), row("A", "-2.00", {currency: "EUR"})];
  expect(totalsByCurrency(filterOf(clients, rows)(all))).toEqual([
    {currency: "EUR", isCompared: true, under: "0.00", over: "-2.00", absolute: "2.00"},
    {currency: "USD", isCompared: true, under: "1.00", over: "0.00", absolute: "1.00"},
  ]);
});

it("knows no sum of which all that differs has no price", () => {
  const sums = (...rows: ComparedRow[]) => {
    const clients = [...new Set(rows.map(({client_id}) => client_id))].map((id) => client(id));
    const [{under, over, absolute} = {under: "", over: "", absolute: ""}] = totalsByCurrency(
      filterOf(clients, rows)(all),
    );
    return [under, over, absolute];
  };
  expect(sums(row("a", null), row("b", "0.00"))).toEqual([null, "0.00", null]);
  expect(sums(row("a", null, {direction: "-1"}))).toEqual(["0.00", null, null]);
  expect(sums(row("a", null), row("b", "-3.00"))).toEqual([null, "-3.00", "3.00"]);
  expect(sums(row("a", null), row("b", "3.00"))).toEqual(["3.00", "0.00", "3.00"]);
});
