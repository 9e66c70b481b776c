// @vitest-environment jsdom
import {expect, it} from "vitest";
import {combobox} from "../../src/components/combobox.js";

const choices = [
  {value: "C1", label: "Café Müller"},
  {value: "C2", label: "Acme Foods"},
  {value: "C3", label: "Foods of Acme"},
  {value: "C4", label: "<img src=x onerror=alert(1)>"},
];

function open() {
  const chosen: string[] = [];
  const box = combobox({label: "Client", choices, onChoose: (value) => chosen.push(value)});
  document.body.replaceChildren(box);
  const input = box.querySelector("input") as HTMLInputElement;
  const list = box.querySelector("[role=listbox]") as HTMLElement;
  return {
    box,
    chosen,
    input,
    list,
    type(text: string) {
      input.value = text;
      input.dispatchEvent(new Event("input"));
    },
    press(key: string) {
      input.dispatchEvent(new KeyboardEvent("keydown", {key, cancelable: true}));
    },
    options: () => [...list.querySelectorAll("[role=option]")].map(({textContent}) => textContent),
    active: () => list.querySelector(`#${input.getAttribute("aria-activedescendant")}`)?.textContent,
  };
}

it("finds by any part of the name or id, without accents, beginnings first", () => {
  const {type, options, press, chosen, input} = open();
  type("acme");
  expect(options()).toEqual(["Acme Foods", "Foods of Acme"]);
  type("muller");
  expect(options()).toEqual(["Café Müller"]);
  type("c3");
  expect(options()).toEqual(["Foods of Acme"]);
  press("Enter");
  expect(chosen).toEqual(["C3"]);
  expect(input.value).toBe("Foods of Acme");
});

it("moves with the arrows, takes with Enter and says which one is pointed at", () => {
  const {press, active, chosen, input, list} = open();
  press("ArrowDown");
  expect(active()).toBe("Café Müller");
  press("ArrowUp");
  press("ArrowUp");
  expect(active()).toBe("Foods of Acme");
  press("Enter");
  expect(chosen).toEqual(["C3"]);
  expect(list.hidden).toBe(true);
  expect(input.getAttribute("aria-expanded")).toBe("false");
});

it("closes with Escape, and clears with another", () => {
  const {type, press, list, chosen, input} = open();
  type("acme");
  press("Enter");
  press("ArrowDown");
  press("Escape");
  expect(list.hidden).toBe(true);
  expect(input.value).toBe("Acme Foods");
  press("Escape");
  expect(chosen).toEqual(["C2", ""]);
});

it("takes a choice back where its text is deleted", () => {
  const {type, press, chosen} = open();
  type("acme");
  press("Enter");
  type("");
  type("a");
  type("");
  expect(chosen).toEqual(["C2", ""]);
});

it("takes nothing that was only typed", () => {
  const {type, input, chosen} = open();
  type("acm");
  input.dispatchEvent(new Event("blur"));
  expect(chosen).toEqual([]);
  expect(input.value).toBe("");
});

it("shows names as text", () => {
  const {type, box, options} = open();
  type("<img");
  expect(options()).toEqual(["<img src=x onerror=alert(1)>"]);
  expect(box.querySelector("img")).toBeNull();
});
