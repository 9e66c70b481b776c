/** What the MSP sells, at which price, and what each integration calls the thing that is counted for it. */
export interface Offer {
  readonly serviceId: string;
  readonly serviceName: string;
  readonly unit: string;
  readonly listPrice: string;
  readonly cost: string;
  readonly connection: string;
  readonly productId: string;
  readonly productName: string;
  readonly kind: string;
}

export const offers: readonly Offer[] = [
  offer(
    "S-M365BP",
    "Microsoft 365 Business Premium",
    "licence",
    "26.00",
    "19.80",
    "m365",
    "cbdc14ab-d96c-4c30-b9f4-6ada7cdc1d46",
    "Microsoft 365 Business Premium",
    "user",
  ),
  offer(
    "S-EXO1",
    "Exchange Online Plan 1",
    "licence",
    "5.00",
    "3.40",
    "m365",
    "4b9405b0-7788-4568-add1-99614e613b69",
    "Exchange Online (Plan 1)",
    "user",
  ),
  offer("S-RMM", "Managed Endpoint", "device", "12.00", "2.10", "rmm", "rmm-agent", "Managed agent", "workstation"),
  offer(
    "S-EDR",
    "Endpoint Detection & Response",
    "device",
    "6.50",
    "3.00",
    "edr",
    "edr-complete",
    "EDR Complete",
    "device",
  ),
  offer("S-BKP", "Cloud Backup", "device", "14.00", "6.00", "backup", "bkp-server", "Server backup", "backup"),
  offer(
    "S-MAIL",
    "E-mail Security",
    "mailbox",
    "3.25",
    "1.40",
    "mail-security",
    "mail-protect",
    "Mailbox protection",
    "mailbox",
  ),
  offer("S-MFA", "Multi-factor Sign-in", "user", "3.00", "1.00", "mfa", "mfa-advantage", "MFA Advantage", "user"),
];

function offer(
  serviceId: string,
  serviceName: string,
  unit: string,
  listPrice: string,
  cost: string,
  connection: string,
  productId: string,
  productName: string,
  kind: string,
): Offer {
  return {
    serviceId,
    serviceName,
    unit,
    listPrice,
    cost,
    connection,
    productId,
    productName,
    kind,
  };
}

/** Counts for nothing, as a trial does. */
export const freeProduct = "a403ebcc-fae0-4ca2-8c8c-7a907fd6c235";

/** In use, but no rule covers it. */
export const powerBi = {productId: "f8a1db68-be16-40ed-86d5-cb42ce701560", cents: 940} as const;

export const usageConnections = [
  "m365",
  "rmm",
  "edr",
  "backup",
  "mail-security",
  "mfa",
  "passwords",
  "distributor",
] as const;

/** Exported four days before the others, in the present month. */
export const lateExport = {connection: "mail-security", exportedAt: "2026-11-19T02:00:00Z"} as const;
