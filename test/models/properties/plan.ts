import fc from "fast-check";

/**
 * Random plans of small workspaces. References are numbers that are taken modulo what there is, so that every plan,
 * shrunk ones too, makes a valid world; dates are days from the day of the run, most of them next to a boundary.
 */

const offsets = [-400, -95, -61, -40, -31, -30, -22, -21, -20, -10, -1, 0, 1, 9, 40, 300];

const index = fc.nat(1000);
const offset = fc.constantFrom(...offsets);
/** Null once in so many times and one. */
const maybe = <T>(arbitrary: fc.Arbitrary<T>, weight = 2) => fc.oneof({weight, arbitrary}, fc.constant(null));
const often = <T>(usual: T, ...rare: T[]) =>
  fc.oneof({weight: 5, arbitrary: fc.constant(usual)}, fc.constantFrom(...rare));
/** One or some, seldom more, so that what is billed and what is used often meet. */
const few = <T>(arbitrary: fc.Arbitrary<T>, some: number, more: number) =>
  fc.oneof(
    {weight: 3, arbitrary: fc.array(arbitrary, {minLength: 1, maxLength: some})},
    {weight: 1, arbitrary: fc.array(arbitrary, {minLength: some, maxLength: more})},
  );
const quantity = fc.oneof(
  {weight: 5, arbitrary: fc.nat(6).map(String)},
  {weight: 1, arbitrary: fc.constantFrom("-2", "-1", "0.5", "2.25", "1.3333", "100", "1000000")},
);
const price = fc.constantFrom(
  "0",
  "1",
  "2.5",
  "7",
  "10",
  "10.01",
  "12.345678",
  "99.999999",
  "120",
  "0.000001",
  "-3",
  "100000.999999",
);
const listPrice = fc.constantFrom("0", "1", "5", "9.99", "8.333333", "14.5");
const unit = fc.constantFrom("user", "device", "gb", "flat", null);

const connection = fc.record({
  sync: fc.constantFrom(
    ...[
      "fresh",
      "fresh",
      "fresh",
      "fresh",
      "fresh",
      "fresh",
      "fresh",
      "fresh",
      "boundary",
      "stale",
      "partial",
      "failed",
      "recovered",
    ],
    ...["neverSucceeded", "never"],
  ),
  reports: often<boolean | null>(null, true, false),
  sellsOnly: often(false, true),
  products: fc.array(
    fc.record({
      isTrial: often<boolean | null>(null, false, true),
      unit,
      listPrice: maybe(listPrice),
      unitCost: maybe(listPrice),
      spelling: index,
    }),
    {minLength: 1, maxLength: 3},
  ),
});

const account = fc.record({
  connection: index,
  name: index,
  spelling: index,
  isStrange: fc.boolean(),
  link: often("confirmed", "confirmed", "excluded", "none"),
  client: index,
  domain: maybe(index, 1),
  isListed: often(true, false),
  isGone: fc.oneof({weight: 9, arbitrary: fc.constant(false)}, fc.constant(true)),
});

const seat = fc.record({
  account: index,
  product: index,
  isProductListed: often(true, true, true, false),
  kind: fc.constantFrom("user", "user", "user", "device", "shared_mailbox", "server", null),
  identifier: maybe(
    fc.constantFrom("a@x.test", " A@X.test", "b@x.test", "Ü@x.test", "ü@x.test ", "PC-1", "pc-1 ", "PC-2", " "),
    4,
  ),
  status: often<string | null>("active", null, "suspended", "disabled", "deleted"),
  created: maybe(offset),
  active: maybe(offset),
});

const usageCount = fc.record({
  account: index,
  product: index,
  metric: fc.constantFrom("purchased", "assigned", "active", "reported"),
  quantity: fc.constantFrom("0", "1", "3", "5", "12.5", "7.0001", "5000000.5"),
  asOf: maybe(offset),
  commitmentEnd: maybe(offset, 1),
});

const identityArithmetic = fc.record({
  multiplier: often<string | null>(null, "1", "0.5", "1.1"),
  minimum: often<string | null>(null, "0", "3"),
  maximum: often<string | null>(null, "4", "3"),
});

const rule = fc.record({
  service: index,
  connection: index,
  products: fc.array(index, {maxLength: 2}),
  client: maybe(index, 1),
  kinds: often<string | null>(null, "user", "user;device", "Device; server"),
  statuses: often<string | null>(null, "active", "active;suspended", "suspended;disabled;deleted"),
  method: fc.constantFrom(
    null,
    "seats",
    "seats",
    "identities",
    "identities",
    "purchased",
    "assigned",
    "active",
    "reported",
  ),
  multiplier: often<string | null>(null, "1", "2", "0.5", "0", "1.1", "0.0009765625"),
  minimum: often<string | null>(null, "0", "2", "3.5"),
  maximum: often<string | null>(null, "4", "5.5", "100"),
  from: often<number | null>(null, -30, 0, 1),
  to: often<number | null>(null, 0, 1, 30),
  status: often<string | null>(null, "active", "off"),
});

const exclusion = fc.record({
  connection: index,
  account: maybe(index, 3),
  product: maybe(index),
  seat: maybe(index),
  expires: maybe(fc.constantFrom(-1, 0, 1)),
});

const bookPrice = fc.record({
  service: index,
  client: maybe(index, 1),
  unitPrice: listPrice,
  currency: often<string | null>(null, "USD", "EUR"),
  from: often<number | null>(null, -40, 0, 1),
});

const service = fc.record({
  unit,
  listPrice: maybe(listPrice, 1),
  unitCost: maybe(listPrice, 1),
  identities: identityArithmetic,
});

const agreement = fc.record({
  client: index,
  status: often<string | null>("active", null, "cancelled", "expired"),
  cycle: fc.constantFrom(
    null,
    "monthly",
    "monthly",
    "monthly",
    "quarterly",
    "semiannual",
    "annual",
    "annual",
    "one_time",
  ),
  timing: often<string | null>("advance", null, "arrears"),
  start: fc.constantFrom(-800, -400, -400, -300, -95, -61, -31, -1, 0, 1),
  startsOnLastOfMonth: fc.boolean(),
  end: often<number | null>(null, -1, 0, 1, 40),
  currency: often<string | null>(null, "USD", "EUR"),
});

const agreementLine = fc.record({
  agreement: index,
  service: index,
  quantity,
  included: often<string | null>(null, "0", "1", "2", "0.5"),
  unitPrice: maybe(price, 6),
  unitCost: maybe(price, 1),
  start: often<number | null>(null, -30, 0, 1),
  end: often<number | null>(null, 0, 1, 30),
});

const invoice = fc.record({
  client: index,
  agreement: maybe(index, 4),
  date: offset,
  period: fc.constantFrom(
    ...[
      "currentMonth",
      "currentMonth",
      "previousMonth",
      "nextMonth",
      "cycle",
      "cycle",
      "previousCycle",
      "none",
      "half",
      "quarter",
      "year",
    ],
    ...["fromToday", "fromTomorrow", "untilToday", "untilTomorrow"],
  ),
  status: often<string | null>("sent", null, "posted", "paid", "draft", "void"),
  currency: fc.constantFrom("same", "same", "same", null, "USD", "EUR"),
  total: often<string | null>(null, "0", "-0.01", "0.01", "-5"),
});

const invoiceLine = fc.record({
  invoice: index,
  agreementLine: maybe(index, 3),
  service: maybe(index, 3),
  description: maybe(fc.constantFrom("Mail", "Backup")),
  quantity,
  unitPrice: maybe(price, 6),
  amount: often<string | null>(null, "0", "0.01", "-0.01", "0.02", "-50"),
  isCredit: often(false, true),
  isRepeated: often(false, true),
});

const parts = {
  clients: few(fc.constantFrom(null, "active", "inactive"), 2, 6),
  services: few(service, 2, 3),
  connections: few(connection, 2, 3),
  accounts: fc.array(account, {maxLength: 8}),
  seats: fc.array(seat, {maxLength: 24}),
  counts: fc.array(usageCount, {maxLength: 8}),
  rules: fc.array(rule, {maxLength: 6}),
  exclusions: fc.array(exclusion, {maxLength: 2}),
  prices: fc.array(bookPrice, {maxLength: 4}),
  agreements: fc.array(agreement, {maxLength: 6}),
  agreementLines: fc.array(agreementLine, {maxLength: 8}),
  invoices: fc.array(invoice, {maxLength: 8}),
  invoiceLines: fc.array(invoiceLine, {maxLength: 14}),
};

/** One part of a workspace, related to no other. */
export const part = fc.record(parts);

/** A part where a few clients have much of a few products, so that licences meet: of distributors and vendors, behind services. */
export const licencePart = fc.record({
  ...parts,
  clients: fc.array(fc.constant("active"), {minLength: 1, maxLength: 2}),
  services: fc.array(service, {minLength: 1, maxLength: 3}),
  connections: fc
    .tuple(connection, fc.array(connection, {minLength: 1, maxLength: 2}))
    .map(([vendor, others]) => [
      vendor,
      ...others.map((other, n) => ({...other, sellsOnly: n === 0 || other.sellsOnly})),
    ]),
  accounts: fc.array(
    account.map((row) => ({...row, isGone: false})),
    {minLength: 4, maxLength: 8},
  ),
  seats: fc.array(seat, {minLength: 3, maxLength: 16}),
  counts: fc.array(usageCount, {minLength: 4, maxLength: 12}),
  rules: fc.array(
    rule.map((row) => ({...row, products: row.products.slice(1)})),
    {minLength: 3, maxLength: 8},
  ),
  agreements: fc.array(
    agreement.map((row) => ({...row, status: "active"})),
    {minLength: 1, maxLength: 3},
  ),
  agreementLines: fc.array(agreementLine, {minLength: 2, maxLength: 6}),
});

/** What holds for a whole workspace. */
export const frame = fc.record({
  day: fc.constantFrom("2026-11-23", "2026-02-28", "2026-03-31", "2024-02-29", "2026-12-31", "2027-01-01"),
  atEndOfDay: fc.boolean(),
  billedBasis: often("auto", "invoice", "agreement"),
  inactiveAfterDays: often(21, 0, 20, 22),
  psaSync: often("fresh", "stale", "failed", "partial"),
});

type Of<T> = T extends fc.Arbitrary<infer U> ? U : never;
export type Part = Of<typeof part>;
export type Frame = Of<typeof frame>;
