/** Figures arrive as decimal text. They are shown, never calculated with, here. */

const unknown = "—";

/** `money("1234.5", "USD")` → `$1,234.50`; null → an em dash. */
export function money(amount: string | null, currency: string | null): string {
  if (amount === null || currency === null) return unknown;
  return new Intl.NumberFormat("en", {
    style: "currency",
    currency,
    currencyDisplay: "code",
  })
    .format(amount as unknown as number)
    .replace(/\u00a0/g, " ");
}

/** `signedMoney("-12", "USD")` → `−USD 12.00`, `+` before what is positive. */
export function signedMoney(amount: string | null, currency: string | null): string {
  if (amount === null || currency === null) return "no price";
  const text = money(amount.replace("-", ""), currency);
  if (Number(amount) === 0) return text;
  return `${amount.startsWith("-") ? "−" : "+"}${text}`;
}

/** `quantity("24.0000")` → `24`; null → an em dash. */
export function quantity(value: string | null): string {
  if (value === null) return unknown;
  return new Intl.NumberFormat("en", {maximumFractionDigits: 4}).format(value as unknown as number);
}

export function signedQuantity(value: string | null): string {
  if (value === null) return unknown;
  const text = quantity(value.replace("-", ""));
  return Number(value) === 0 ? text : `${value.startsWith("-") ? "−" : "+"}${text}`;
}

/** `rate("12.500000", "USD")` → `USD 12.50`; up to six decimals where they are there. */
export function rate(value: string | null, currency: string): string {
  if (value === null) return "no price";
  return new Intl.NumberFormat("en", {
    style: "currency",
    currency,
    currencyDisplay: "code",
    maximumFractionDigits: 6,
  })
    .format(value as unknown as number)
    .replace(/\u00a0/g, " ");
}

/** `percent("0.912345")` → `91.2 %`; null → `none`. */
export function percent(share: string | null): string {
  if (share === null) return "none";
  return `${new Intl.NumberFormat("en", {minimumFractionDigits: 1, maximumFractionDigits: 1}).format(Number(share) * 100)} %`;
}

/** `day("2026-11-01")` → `1 Nov 2026`; a time gives its UTC day. */
export function day(value: string | null): string {
  if (value === null) return unknown;
  return new Date(`${value.slice(0, 10)}T00:00:00Z`).toLocaleDateString("en-GB", {
    day: "numeric",
    month: "short",
    year: "numeric",
    timeZone: "UTC",
  });
}

/** `dayBefore("2026-12-01")` → `30 Nov 2026`: the last day that a half-open period covers. */
export function dayBefore(value: string | null): string {
  if (value === null) return unknown;
  return day(new Date(Date.parse(`${value}T00:00:00Z`) - 86_400_000).toISOString());
}

/** `moment("2026-11-23 02:00:00+00")` → `23 Nov 2026, 02:00 UTC`. */
export function moment(value: string | null): string {
  return value === null ? "never" : `${day(value)}, ${value.slice(11, 16)} UTC`;
}

/** `words("service_mapping")` → `Service mapping`. */
export function words(code: string | null): string {
  if (code === null) return unknown;
  const text = code.replaceAll("_", " ");
  return text.charAt(0).toUpperCase() + text.slice(1);
}
