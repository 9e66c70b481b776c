import {expect, it} from "vitest";
import {readRule} from "../../src/lib/readRule.js";

const names = {
  product: (_: string, id: string) => ({agent: "Managed agent", "agent-server": "Managed agent, server"})[id] ?? id,
  client: (id: string) => (id === "C1" ? "Foxglove Foods" : id),
};
const rule = {connection_id: "rmm", product_ids: "agent", status: "active"};

it.each([
  [{}, "Counts active seats of Managed agent in rmm."],
  [{multiplier: "1.0"}, "Counts active seats of Managed agent in rmm."],
  [{multiplier: "0.0009765625"}, "Counts active seats of Managed agent in rmm, times 0.0009765625, rounded up."],
  [
    {kinds: "workstation;server", product_ids: "*", minimum: "5"},
    "Counts active workstations and servers of every product in rmm, at least 5.",
  ],
  [
    {product_ids: "agent; agent-server;other", statuses: "active;suspended"},
    "Counts active or suspended seats of Managed agent, Managed agent, server and other in rmm.",
  ],
  [
    {count: "reported", multiplier: "0.01", maximum: "20", client_id: "C1"},
    "Counts the amount that the vendor reports of Managed agent in rmm, times 0.01, rounded up, at most 20, for Foxglove Foods only, in place of the rules for everybody.",
  ],
  [{count: "identities", kinds: "user"}, "Counts each person once among the active users of Managed agent in rmm."],
  [
    {valid_from: "2026-01-01", valid_to: "2026-07-01", status: "off"},
    "Turned off. Would count active seats of Managed agent in rmm, from 1 Jan 2026, until 30 Jun 2026.",
  ],
  [
    {multiplier: "2x", minimum: "-5", maximum: "x9", valid_from: "on 2026-01-01"},
    "Counts active seats of Managed agent in rmm.",
  ],
  [
    {connection_id: "", product_ids: "", minimum: "x"},
    "Counts active seats of products still to be chosen in an integration still to be chosen.",
  ],
])("reads %j in plain words", (fields, words) => {
  expect(readRule({...rule, ...fields}, names)).toBe(words);
});
