import {offers} from "./catalogue.js";
import {type Draft, put, type Row} from "./draft.js";
import {support} from "./plants.js";
import {monthStart, newService} from "./story.js";

const [workplace] = offers;

/** A rule for each offer: mailboxes only, people instead of seats where the sign-in counts. */
const offerRules = offers.map(
  ({connection, serviceId, productId}, index): Row => ({
    rule_id: `R${String(index + 1).padStart(2, "0")}`,
    service_id: serviceId,
    connection_id: connection,
    product_ids: productId,
    kinds: connection === "mail-security" ? "mailbox" : null,
    count: connection === "mfa" ? "identities" : null,
  }),
);

/** Rules that begin, have ended, are off, are of one client, or count what cannot be read any more. */
const otherRules: readonly Row[] = [
  {
    rule_id: "R08",
    service_id: support.serviceId,
    connection_id: "m365",
    product_ids: workplace?.productId ?? "",
    count: "identities",
    note: "Everybody with a workplace",
  },
  {
    rule_id: "R40",
    service_id: newService.serviceId,
    connection_id: "m365",
    product_ids: newService.productId,
    valid_from: monthStart(newService.from),
  },
  {
    rule_id: "R20",
    service_id: "S-PWD",
    connection_id: "passwords",
    product_ids: "*",
    note: "One vault per user",
  },
  {
    rule_id: "R21",
    service_id: "S-AZ",
    connection_id: "distributor",
    product_ids: "azure-plan",
    count: "purchased",
  },
  {
    rule_id: "R22",
    service_id: "S-MFA",
    connection_id: "passwords",
    product_ids: "*",
    client_id: "C1048",
    note: "Sign-in comes with the vault here",
  },
  {
    rule_id: "R23",
    service_id: "S-EXO1",
    connection_id: "m365",
    product_ids: "*",
    valid_to: "2026-07-01",
    note: "Before licences were told apart",
  },
  {
    rule_id: "R24",
    service_id: "S-LAB",
    connection_id: "rmm",
    product_ids: "*",
    status: "off",
    note: "Tried once",
  },
];

/** How services are counted, and the price book, which has one price in force and one that is not yet. */
export function putRules(draft: Draft): void {
  put(draft, "mappings/services", ...[...offerRules, ...otherRules].map((rule) => ({status: "active", ...rule})));
  put(
    draft,
    "mappings/prices",
    {service_id: "S-BKP", unit_price: "12.50", currency: "USD", valid_from: "2026-01-01"},
    {service_id: "S-BKP", unit_price: "13.50", currency: "USD", valid_from: "2027-01-01"},
  );
}
