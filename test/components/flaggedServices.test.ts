// @vitest-environment jsdom
import {expect, it} from "vitest";
import {flaggedServices} from "../../src/components/flaggedServices.js";
import {joinedList, urlState} from "../../src/lib/urlState.js";
import {table} from "./mappingData.js";

function flag(service_id: string | null) {
  return {
    ...{client_id: "C", slug: "c", client_name: "Acme", flag_code: "not_invoiced", severity: "warning", service_id},
    ...{service_name: service_id, invoice_id: null, invoice_number: null, line_id: null, agreement_id: null},
    ...{message: "Not invoiced.", evidence: null, amount_at_stake: null, currency: "USD", is_current: "true"},
  };
}

/** The services of the flags that are shown at an address, and the words of its chip. */
function shownAt(query: Readonly<Record<string, string>>): {
  services: (string | undefined)[];
  chip: string | undefined;
} {
  const location = {search: `?${new URLSearchParams(query)}`, pathname: "/billing", hash: ""};
  const state = urlState({location, history: {}, addEventListener() {}} as unknown as Window);
  const page = flaggedServices({flags: table(...["S,1", "S%2C2", "S", null].map(flag))}, state);
  return {
    services: [...page.querySelectorAll("tbody tr")].map((row) => row.querySelectorAll("bdi")[1]?.textContent),
    chip: /Service: [^×]*/.exec(page.querySelector(".chip")?.textContent ?? "")?.[0].trim(),
  };
}

it.each([
  ["one whose id has a comma", "service:S,1", ["S,1"]],
  [
    "several of which ids have commas and signs for them",
    joinedList(["service:S,1", "service:S%2C2"]),
    ["S,1", "S%2C2"],
  ],
  ["one that has no flag", "service:T", []],
])("shows the flags of the services that a link names: %s", (_, service, expected) => {
  const {services, chip} = shownAt({service});
  expect(services.toSorted()).toEqual(expected.toSorted());
  expect(chip).toBe(`Service: ${expected.join(", ") || service}`);
});
