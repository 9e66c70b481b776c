import {group} from "d3";

/**
 * One managed service provider for all emulators: its clients, what it bills them, and what they use. The same world is
 * shown by every vendor in its own words, so that what Trueup makes of it can be compared.
 */
export interface World {
  readonly now: Date;
  readonly clients: readonly Client[];
  readonly services: readonly Service[];
  readonly agreements: readonly Agreement[];
  readonly lines: readonly AgreementLine[];
  readonly invoices: readonly Invoice[];
  /** What was sold once and stands on an invoice beside the agreement's lines. */
  readonly sales: readonly Sale[];
  readonly people: readonly Person[];
  readonly devices: readonly Device[];
}

export interface Client {
  readonly id: number;
  readonly name: string;
  readonly domain: string;
  readonly isActive: boolean;
  readonly parent: number | null;
  /** Protected data in GB. */
  readonly backupGigabytes: number;
  /** When the PSA wrote down the last change. Default: long ago. */
  readonly updatedAt?: Date;
}

export interface Service {
  readonly id: number;
  readonly name: string;
  readonly category: string;
  readonly price: number;
  readonly cost: number;
}

export interface Agreement {
  readonly id: number;
  readonly client: number;
  readonly name: string;
  readonly status: "active" | "cancelled" | "expired";
  readonly cycle: "monthly" | "quarterly" | "annual";
  /** YYYY-MM-DD */
  readonly start: string;
  /** The last day covered. */
  readonly lastDay: string | null;
}

export interface AgreementLine {
  readonly id: number;
  readonly agreement: number;
  readonly service: number;
  readonly quantity: number;
  readonly price: number;
  readonly cost: number;
  readonly start: string;
  readonly lastDay: string | null;
}

export interface Invoice {
  readonly id: number;
  readonly number: string;
  readonly agreement: number;
  readonly client: number;
  readonly date: string;
  readonly periodStart: string;
  /** First day no longer covered. */
  readonly periodEnd: string;
  readonly status: "posted" | "draft" | "void";
  readonly lines: readonly InvoiceLine[];
}

export interface InvoiceLine {
  readonly id: number;
  readonly line: number;
  readonly service: number;
  readonly quantity: number;
  readonly price: number;
  /** The line that this one credits. */
  readonly credits: number | null;
}

export interface Sale {
  readonly id: number;
  readonly invoice: number;
  readonly service: number;
  readonly quantity: number;
  readonly price: number;
}

export interface Person {
  readonly id: number;
  readonly client: number;
  readonly name: string;
  readonly email: string;
  /** SKU part numbers of Microsoft 365. */
  readonly licences: readonly string[];
  readonly isEnabled: boolean;
  readonly isSharedMailbox: boolean;
  readonly createdAt: Date;
  readonly lastActiveAt: Date | null;
}

export interface Device {
  readonly id: number;
  readonly client: number;
  readonly hostname: string;
  readonly kind: "workstation" | "server";
  readonly isRemoved: boolean;
  readonly isSuspended: boolean;
  readonly isProtected: boolean;
  readonly createdAt: Date;
  readonly lastSeenAt: Date | null;
  /** When the vendor wrote down the last change. Default: when it was made. */
  readonly updatedAt?: Date;
}

export interface WorldOptions {
  readonly clients?: number;
  readonly peoplePerClient?: number;
  readonly devicesPerClient?: number;
  /** Of a monthly agreement. */
  readonly linesPerService?: number;
  readonly seed?: number;
  readonly now?: Date;
}

/** Names that a careless program trips over. */
const names = [
  "Bäckerei Özdemir GmbH",
  "Société d'Énergie du Nord",
  "Acme Corp",
  'Smith, Jones & "Sons" LLC',
  "<b>Bold</b> Moves Inc",
  "=1+1 Accounting",
  "山田製作所",
  "O'Hara; DROP TABLE clients",
];

const services: readonly Service[] = [
  {id: 1, name: "Managed workstation", category: "Managed services", price: 45, cost: 11.5},
  {id: 2, name: "Managed server", category: "Managed services", price: 149.5, cost: 32},
  {id: 3, name: "Microsoft 365 Business Premium", category: "Licences", price: 26.4, cost: 18.7},
  {id: 4, name: "Microsoft 365 E3", category: "Licences", price: 39.9, cost: 30.1},
  {id: 5, name: "Endpoint detection", category: "Security", price: 7.25, cost: 3.1},
  {id: 6, name: "Managed EDR", category: "Security", price: 6.5, cost: 2.95},
  {id: 7, name: "Sign-in protection", category: "Security", price: 3.333333, cost: 1.5},
  {id: 8, name: "Cloud backup, per GB", category: "Backup", price: 0.12, cost: 0.05},
  {id: 9, name: "Service desk", category: "Managed services", price: 950, cost: 400},
  {id: 10, name: "Docking station", category: "Hardware", price: 189, cost: 140},
];

export const licences = ["SPB", "SPE_E3", "FLOW_FREE"] as const;

/** The same options make the same world. */
export function makeWorld({
  clients: clientCount = 6,
  peoplePerClient = 12,
  devicesPerClient = 12,
  linesPerService = 1,
  seed = 1,
  now = new Date("2026-11-23T12:00:00Z"),
}: WorldOptions = {}): World {
  const random = createRandom(seed);
  const chance = (share: number) => random() < share;
  const between = (least: number, most: number) => least + Math.floor(random() * (most - least + 1));
  const daysAgo = (days: number, seconds = 0) => new Date(now.getTime() - days * 86_400_000 - seconds * 1000);

  const clients = Array.from({length: clientCount}, (_, index): Client => {
    const name = names[index] ?? `Client ${index + 1} Ltd`;
    return {
      id: 101 + index,
      name,
      domain: `client${index + 1}.example`,
      isActive: index !== 4,
      parent: index === 1 ? 101 : null,
      backupGigabytes: between(100, 900) + 0.25,
    };
  });
  const people: Person[] = [];
  const devices: Device[] = [];
  for (const client of clients) {
    for (let index = 0; index < peoplePerClient; index++) {
      const id = people.length + 1;
      const isSharedMailbox = index === 1;
      people.push({
        id,
        client: client.id,
        name: index === 0 ? "Zoë “Zo” Müller-Łukasz" : `Person ${id}`,
        email: `person${id}@${client.domain}`,
        licences: isSharedMailbox ? ["SPB"] : licences.filter((_, place) => chance([0.7, 0.25, 0.3][place] as number)),
        isEnabled: !isSharedMailbox && !chance(0.1),
        isSharedMailbox,
        createdAt: daysAgo(between(40, 900)),
        lastActiveAt: chance(0.1) ? null : daysAgo(between(0, 60), between(0, 80_000)),
      });
    }
    for (let index = 0; index < devicesPerClient; index++) {
      const id = devices.length + 1;
      devices.push({
        id,
        client: client.id,
        hostname: index === 0 ? `büro-${id}` : `PC-${id}`,
        kind: chance(0.15) ? "server" : "workstation",
        isRemoved: chance(0.1),
        isSuspended: chance(0.05),
        isProtected: chance(0.9),
        createdAt: daysAgo(between(40, 900)),
        lastSeenAt: chance(0.05) ? null : daysAgo(between(0, 60), between(0, 80_000)),
      });
    }
  }
  return {
    now,
    clients,
    services,
    people,
    devices,
    ...makeBilling(clients, people, devices, linesPerService, now, between),
  };
}

function makeBilling(
  clients: readonly Client[],
  people: readonly Person[],
  devices: readonly Device[],
  linesPerService: number,
  now: Date,
  between: (least: number, most: number) => number,
): Pick<World, "agreements" | "lines" | "invoices" | "sales"> {
  const agreements: Agreement[] = [];
  const lines: AgreementLine[] = [];
  const invoices: Invoice[] = [];
  const monthStart = (back: number) =>
    new Date(Date.UTC(now.getUTCFullYear(), now.getUTCMonth() - back, 1)).toISOString().slice(0, 10);
  let invoiceLine = 9000;
  const peopleOf = group(people, ({client}) => client);
  const devicesOf = group(devices, ({client}) => client);
  const usedBy = (client: Client): Record<number, number> => {
    const kept = (devicesOf.get(client.id) ?? []).filter(({isRemoved}) => !isRemoved);
    const staff = peopleOf.get(client.id) ?? [];
    return {
      1: kept.filter(({kind}) => kind === "workstation").length,
      2: kept.filter(({kind}) => kind === "server").length,
      3: staff.filter((person) => person.licences.includes("SPB")).length,
      5: kept.filter(({isProtected}) => isProtected).length,
      7: staff.length,
      8: Math.round(client.backupGigabytes),
      9: 1,
    };
  };
  const addLine = (agreement: number, service: Service, quantity: number, months: number, lastDay: string | null) => {
    lines.push({
      id: 3001 + lines.length,
      agreement,
      service: service.id,
      quantity,
      // A price for a free service, and prices that end in fractions of a cent.
      price: Math.round(service.price * months * 1e6) / 1e6,
      cost: Math.round(service.cost * months * 1e6) / 1e6,
      start: "2025-01-01",
      lastDay,
    });
  };
  clients.forEach((client, index) => {
    const id = 501 + agreements.length;
    agreements.push({
      id,
      client: client.id,
      name: `Managed services ${client.name}`,
      status: index === 4 ? "cancelled" : "active",
      cycle: "monthly",
      start: "2025-01-01",
      lastDay: index === 3 ? "2027-12-31" : null,
    });
    for (const [service, used] of Object.entries(usedBy(client))) {
      const found = services.find((candidate) => candidate.id === Number(service)) as Service;
      for (let line = 0; line < linesPerService; line++) {
        const drift = found.id === 9 ? 0 : between(-2, 2);
        addLine(id, found, Math.max(0, used + drift), 1, found.id === 7 && index === 2 ? "2026-10-31" : null);
      }
    }
    if (index % 3 === 0) {
      const yearly = 501 + agreements.length;
      agreements.push({
        id: yearly,
        client: client.id,
        name: `Yearly licences ${client.name}`,
        status: "active",
        cycle: "annual",
        start: "2026-01-01",
        lastDay: null,
      });
      const e3 = (peopleOf.get(client.id) ?? []).filter((person) => person.licences.includes("SPE_E3")).length;
      addLine(yearly, services[3] as Service, e3 + 1, 12, null);
    }
  });
  const linesOf = group(lines, ({agreement}) => agreement);
  for (const agreement of agreements.filter(({status, cycle}) => status === "active" && cycle === "monthly")) {
    for (const back of [1, 0]) {
      const billed = (linesOf.get(agreement.id) ?? []).filter(({lastDay}) => (lastDay ?? "9999") >= monthStart(back));
      const first = invoiceLine + 1;
      const invoiceLines: InvoiceLine[] = billed.map((line) => {
        invoiceLine += 1;
        const {id, service, quantity, price} = line;
        return {id: invoiceLine, line: id, service, quantity, price, credits: null};
      });
      if (agreement.id === 501 && back === 0) {
        const [credited] = invoiceLines as [InvoiceLine];
        invoiceLine += 1;
        invoiceLines.push({...credited, id: invoiceLine, quantity: -1, credits: first});
      }
      invoices.push({
        id: 7001 + invoices.length,
        number: `INV-${7001 + invoices.length}`,
        agreement: agreement.id,
        client: agreement.client,
        date: monthStart(back),
        periodStart: monthStart(back),
        periodEnd: monthStart(back - 1),
        status: agreement.id === 503 && back === 0 ? "void" : agreement.id === 504 && back === 0 ? "draft" : "posted",
        lines: invoiceLines,
      });
    }
  }
  const [first] = invoices;
  const sales = first === undefined ? [] : [{id: 8001, invoice: first.id, service: 10, quantity: 2, price: 189}];
  return {agreements, lines, invoices, sales};
}

/** Numbers from 0 to 1, the same for the same seed (mulberry32). */
function createRandom(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}

/** A UUID for a number, the same each time. `uuid(3, 7)` → `00000003-0000-4000-8000-000000000007` */
export function uuid(space: number, id: number): string {
  return `${String(space).padStart(8, "0")}-0000-4000-8000-${String(id).padStart(12, "0")}`;
}
