// @vitest-environment jsdom
import {expect, it} from "vitest";
import {memoChoice} from "../../src/components/memoChoice.js";
import {press, table} from "./mappingData.js";
import {stateOf} from "./stateOf.js";

const open = (count: number) => {
  const clients = Array.from({length: count}, (_, index) => ({
    ...{slug: `~c${index}`, client_name: `Client ${String(index).padStart(3, "0")}`, discrepancies: "1"},
  }));
  const page = memoChoice({clients: table(...clients), compared: table({clients: String(count)})}, "", stateOf());
  const names = () => [...page.querySelectorAll(".memo-clients a")].map(({textContent}) => textContent);
  return {page, names};
};

it("lists a hundred of many clients at a time, and those alone that are searched for", () => {
  const {page, names} = open(150);
  expect(names()).toHaveLength(100);
  press("Show more", page);
  expect(names()).toHaveLength(150);
  const search = page.querySelector("input[type=search]") as HTMLInputElement;
  const enter = (text: string): void => {
    search.value = text;
    search.dispatchEvent(new Event("input", {bubbles: true}));
  };
  enter("client 14");
  expect(names()).toEqual(Array.from({length: 10}, (_, index) => `Client 14${index}`));
  expect(page.querySelector("[role=status]")?.textContent).toBe("10 clients");
  enter("nobody");
  expect(page.textContent).toContain("No client has such a name.");
});

it("asks nothing where all clients are in sight", () => {
  const {page, names} = open(100);
  expect(names()).toHaveLength(100);
  expect(page.querySelector("input")).toBeNull();
});
