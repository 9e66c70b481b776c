import {expect, it} from "vitest";
import type {CountedGroup, Seat} from "../../src/lib/clientData.js";
import {namedUnits} from "../../src/lib/namedSeats.js";

const cell = {connection_id: "m365", account_id: "A", product_id: "P", kind: "user", status: "active"};
const group = (count_method: string, more: Partial<CountedGroup> = {}): CountedGroup => ({
  ...{reconciliation_id: "R", count_method, ...cell},
  ...more,
});
const seat = (seat_id: string, identifier: string | null, more: Partial<Seat> = {}): Seat => ({
  ...cell,
  ...{seat_id, identifier, display_name: null, disposition: "counted", disposition_reason: null, rule_id: "R1"},
  ...{account_name: null, product_name: null, activity_state: "active", created_at: null, last_activity_at: null},
  ...{days_inactive: null, commitment_end: null},
  ...more,
});
const names = (...units: Parameters<typeof namedUnits>) => namedUnits(...units).map(({name}) => name);

it("names each seat, and of people each once however they are written and wherever they are seen", () => {
  const seats = [
    seat("1", "ann@acme.test"),
    seat("2", " ANN@acme.test", {connection_id: "edr"}),
    seat("3", null),
    seat("4", " "),
    seat("4", " ", {connection_id: "edr"}),
  ];
  const groups = (method: string) => [group(method), group(method, {connection_id: "edr"})];
  expect(names(groups("seats"), seats)).toHaveLength(5);
  expect(names(groups("identities"), seats).filter((name) => /ann/i.test(name))).toEqual(["ann@acme.test"]);
  expect(names(groups("identities"), seats)).toHaveLength(4);
});

it("names none that another rule counts, or that no rule does", () => {
  const seats = [
    seat("counted", null),
    seat("unaccounted", null, {disposition: "unaccounted"}),
    seat("filtered", null, {disposition: "filtered"}),
    seat("another product", null, {product_id: "Q"}),
    seat("disabled", null, {status: "disabled"}),
  ];
  expect(names([group("seats")], seats)).toEqual(["counted", "unaccounted"]);
});

it("gives an identifier only where it says more than the name, in the order of names and numbers", () => {
  const seats = [
    seat("1", "pc-10"),
    seat("2", "pc-9"),
    seat("3", "b@acme.test", {display_name: "Ann"}),
    seat("4", "a@acme.test", {display_name: "Ann"}),
    seat("5", "Zoe@acme.test", {display_name: "zoe@ACME.test"}),
  ];
  expect(namedUnits([group("seats")], seats)).toEqual([
    {name: "Ann", identifier: "a@acme.test"},
    {name: "Ann", identifier: "b@acme.test"},
    {name: "pc-9", identifier: null},
    {name: "pc-10", identifier: null},
    {name: "zoe@ACME.test", identifier: null},
  ]);
});
