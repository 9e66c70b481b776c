/** Client names with the domain that their accounts carry. The last ones test that no name is ever trusted. */
const firstWords = [
  "Alder",
  "Birchwood",
  "Cobalt",
  "Driftwood",
  "Ember",
  "Foxglove",
  "Granite",
  "Harbour",
  "Indigo",
  "Juniper",
  "Kestrel",
  "Larkspur",
  "Meridian",
  "Nimbus",
  "Orchard",
  "Pinecrest",
  "Quarry",
  "Redwood",
  "Saffron",
  "Thistle",
  "Umber",
  "Verbena",
  "Willowbrook",
  "Yarrow",
  "Zephyr",
  "Amberley",
  "Brookfield",
  "Copperline",
  "Dunmore",
  "Eastgate",
  "Fernhill",
  "Glenview",
  "Hawthorn",
  "Ironbridge",
  "Jadestone",
  "Kingfisher",
  "Lindenau",
  "Mossbank",
  "Northgate",
  "Oakhurst",
  "Pemberton",
  "Quillfeather",
  "Riverside",
  "Stonebridge",
  "Tidewater",
  "Upland",
  "Valebrook",
  "Westmere",
  "Yellowtail",
  "Zinnia",
  "Ashcombe",
  "Blackthorn",
  "Cedarvale",
  "Dovecote",
  "Elmstead",
  "Fairmont",
];
const trades = [
  "Dental",
  "Logistics",
  "Law",
  "Accounting",
  "Engineering",
  "Foods",
  "Clinic",
  "Design",
  "Motors",
  "Textiles",
];
const forms = ["LLC", "Inc.", "Ltd", "Group", "& Co", "Partners"];

const hostile: readonly [name: string, domain: string][] = [
  [`O'Malley "Fast" Plumbing; DROP TABLE clients`, "omalley.example"],
  ["<img src=x onerror=alert(1)> Media", "img-media.example"],
  ["=cmd|' /C calc'!A0", "formula.example"],
  ["株式会社 東京サービス", "tokyo.example"],
  ["شركة النور للتجارة", "alnoor.example"],
  [`${"Very Long Holding ".repeat(6)}Name GmbH`.slice(0, 120), "verylong.example"],
  ["Müller, Söhne\nund Töchter", "mueller.example"],
  ["Crème Brûlée Café & Bar", "creme.example"],
];

export interface NamedClient {
  readonly clientId: string;
  readonly name: string;
  readonly domain: string;
}

export function nameClients(): NamedClient[] {
  const ordinary = firstWords.map((word, index): [string, string] => [
    `${word} ${trades[(index * 7) % trades.length]} ${forms[(index * 5) % forms.length]}`,
    `${word.toLowerCase()}.example`,
  ]);
  const ids = new Map([
    [57, "C 1057/a"],
    [58, "C%1058"],
  ]);
  return [...ordinary, ...hostile].map(([name, domain], index) => ({
    clientId: ids.get(index) ?? `C${1000 + index}`,
    name,
    domain,
  }));
}

export const people = [
  "Ada Byrne",
  "Ben Carver",
  "Chloé Dubois",
  "Dmitri Volkov",
  "Elena Rossi",
  "Farid Haddad",
  "Grace Okafor",
  "Hiro Tanaka",
  "Ines Moreau",
  "Jonas Weber",
  "Kira Novak",
  "Liam Walsh",
  "Maya Singh",
  "Noah Fischer",
  "Olga Petrova",
  "Pablo Ruiz",
];
