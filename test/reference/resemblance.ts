import {clientOfAccount} from "./dispositions.js";
import type {Resembles} from "./reconciliation.js";
import type {Given} from "./rows.js";

const legalSuffixes = new Set(["inc", "llc", "ltd", "limited", "gmbh", "corp", "co"]);

function normalise(name: string): string {
  const words = name
    .normalize("NFD")
    .replace(/\p{M}/gu, "")
    .toLowerCase()
    .split(/[^a-z0-9]+/)
    .filter((word) => word !== "" && word !== "the");
  while (words.length > 1 && legalSuffixes.has(words.at(-1) ?? "")) words.pop();
  return words.join(" ");
}

/** Decides only what is clear: names equal after normalisation, or names that share no letter; a shared domain is `yes` too. */
export function clearResemblance(given: Given): Resembles {
  return ({connectionId, id}, clientId) => {
    const account = given.accounts.find((row) => row.connectionId === connectionId && row.id === id);
    const client = given.clients.get(clientId);
    if (account === undefined || client === undefined) return "unsure";
    const [a, b] = [normalise(account.name), normalise(client.name)];
    if (a === b) return "yes";
    const knownDomains = given.accounts
      .filter((other) => other !== account && clientOfAccount(given, other.connectionId, other.id) === clientId)
      .map(({domain}) => domain?.toLowerCase());
    if (account.domain !== null && knownDomains.includes(account.domain.toLowerCase())) return "yes";
    return [...a.replaceAll(" ", "")].some((letter) => b.includes(letter)) ? "unsure" : "no";
  };
}
