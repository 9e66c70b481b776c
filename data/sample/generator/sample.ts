import {putArrangements} from "./arrangements.js";
import {putAzurePlan} from "./azurePlan.js";
import {lateExport, offers} from "./catalogue.js";
import {putClient} from "./clientRows.js";
import {cycles} from "./clients.js";
import {settings} from "./connections.js";
import {type Answers, clientOf, newDraft, put as putRows, type Row, flag as raise} from "./draft.js";
import {putBrokenSeat, putExclusions} from "./exclusions.js";
import {putLicences} from "./licences.js";
import {cents, money} from "./money.js";
import {people} from "./names.js";
import {putPasswordManager} from "./passwordManager.js";
import {mislinked, type Plant, plants, support, unaccounted, unlinked} from "./plants.js";
import {putProducts} from "./products.js";
import {between, oneOf, seeded} from "./random.js";
import {putRules} from "./rules.js";
import {putServices} from "./services.js";
import {episodes, monthStart, newService, presentMonth, stepAt} from "./story.js";
import {putForeignAccounts, putMislinkedAccount, putUnlinkedAccount} from "./strayAccounts.js";
import {type Table, tables} from "./tables.js";
import {addTotals} from "./totals.js";
import {putUnaccounted} from "./unaccounted.js";

export interface Sample {
  readonly files: Record<string, Table>;
  readonly settings: string;
  readonly answers: Answers;
}

/** A line that a client pays, as its agreement and its invoices have it from month to month. */
interface Line {
  readonly lineId: string;
  readonly serviceId: string;
  readonly description: string;
  /** The month that it is first on an invoice. */
  readonly from?: number;
  quantityAt(month: number): number;
  /** Cents; null without a price. */
  priceAt(month: number): number | null;
}

/** The sample as it was at the end of a month of 2026; the present one without it. */
export function makeSample(month = presentMonth): Sample {
  const draft = newDraft(month);
  const {isPresent, answers} = draft;
  const put = (file: string, ...added: Row[]): void => putRows(draft, file, ...added);
  const flag = (
    code: string,
    client: number,
    invoice: string | null,
    line: string | null,
    amount: string | null,
  ): void =>
    raise(draft, {
      code,
      client: clientOf(draft, client),
      invoice: invoice ?? undefined,
      line: line ?? undefined,
      cents: amount === null ? undefined : cents(amount),
    });

  putServices(draft);
  putProducts(draft);
  putRules(draft);
  for (const client of draft.clients) {
    const {number: index, clientId, domain, agreementId, cycle, timing, currency, users, numbers} = client;
    const {months} = cycles[cycle];
    putClient(draft, client);
    const lines: Line[] = [];
    let workplaces = users;
    for (const [offerIndex, offer] of offers.entries()) {
      const planted = plants.find((one) => one.client === index && one.service === offer.serviceId);
      const plantAt = (at: number): Plant | undefined => (at >= (planted?.since ?? 0) ? planted : undefined);
      const plant = plantAt(month);
      const episode = episodes.find((one) => one.client === index && one.service === offer.serviceId);
      const ordinary = numbers[offer.serviceId] ?? users;
      let used = Math.max(0, ordinary + (plant?.used ?? 0) + (stepAt(episode, month)?.used ?? 0));
      let steady = ordinary;
      if (index === mislinked.from && offer.connection === mislinked.connection) steady += 3;
      if (index === 25 && offer.serviceId === "S-M365BP") steady += 2;
      if (index === 48 && offer.serviceId === "S-MFA") used += 1;
      if (index === 34 && offer.serviceId === "S-BKP") steady -= 0.5;
      if (index === unlinked.client && offer.connection === unlinked.connection) steady += 4;
      const billedAt = (at: number): number =>
        planted?.unbilled ? 0 : steady + (plantAt(at)?.billed ?? 0) + (stepAt(episode, at)?.billed ?? 0);
      const billed = billedAt(month);
      if (offer.serviceId === "S-M365BP") workplaces = used;
      putSeats(put, index, offerIndex, domain, used, answers, clientId);
      let expected = used;
      if (index === unlinked.client && offer.connection === unlinked.connection) {
        putUnlinkedAccount(draft);
      }
      if (index === mislinked.to && offer.connection === mislinked.connection) expected += 3;
      const includes = plant?.includes ?? 0;
      expected -= includes;
      const basePrice = cents(offer.listPrice) * months;
      const isFree = index === 26 && offer.serviceId === "S-EXO1";
      const isBelowCost = index === 29 && offer.serviceId === "S-EXO1";
      const steadyPrice = plant?.unpriced ? null : isFree ? 0 : isBelowCost ? 300 : basePrice;
      const priceAt = (at: number): number | null =>
        episode?.price !== undefined && at >= episode.price.from ? episode.price.cents : steadyPrice;
      const agreementPrice = priceAt(month);
      const lineId = `AL${index}-${offer.serviceId}`;
      if (!plant?.unbilled) {
        put("imports/psa/agreement_lines", {
          agreement_line_id: lineId,
          agreement_id: agreementId,
          service_id: offer.serviceId,
          description: offer.serviceName,
          quantity: billed + includes,
          included_quantity: includes === 0 ? null : includes,
          unit_price: agreementPrice === null ? null : money(agreementPrice),
          unit_cost: null,
          start_date: null,
          end_date: null,
        });
        lines.push({
          lineId,
          serviceId: offer.serviceId,
          description: offer.serviceName,
          quantityAt: billedAt,
          priceAt,
        });
      }
      const invoiced = isPresent && index === 32 && offer.serviceId === "S-MFA" ? billed * 2 : billed;
      const delta = expected - invoiced;
      if (delta === 0) continue;
      const rate =
        index === 8
          ? {cents: 1250, basis: "price_book"}
          : plant?.unbilled
            ? {cents: basePrice, basis: "list_price"}
            : index === 6 && isPresent
              ? {cents: basePrice, basis: "last_invoiced"}
              : index === 14
                ? {cents: basePrice, basis: "peer_median"}
                : {
                    cents: episode === undefined ? basePrice : (agreementPrice ?? 0),
                    basis: timing === "arrears" || index === 36 ? "agreement_line" : "invoice_line",
                  };
      const isHard = rate.basis.endsWith("_line");
      const isStale = isPresent && offer.connection === lateExport.connection;
      const isPartial = index === 48 && offer.serviceId === "S-MFA";
      const impact = Math.round(delta * rate.cents);
      answers.discrepancies.push({
        client_id: clientId,
        service_id: offer.serviceId,
        product_id: null,
        currency,
        invoiced_quantity: invoiced.toFixed(4),
        expected_quantity: expected.toFixed(4),
        delta_quantity: delta.toFixed(4),
        count_state: isPartial ? "partial" : isStale ? "stale" : expected === 0 ? "known_zero" : "known",
        unit_rate: (rate.cents / 100).toFixed(6),
        rate_basis: rate.basis,
        impact_amount: money(impact),
        impact_monthly: money(Math.round(impact / months)),
        discrepancy_type: plant?.unbilled ? "unmapped" : isStale || isPartial || !isHard ? "estimated" : "calculated",
        likely_cause:
          isStale || isPartial
            ? "sync"
            : index === unlinked.client || index === mislinked.to
              ? "client_mapping"
              : delta < 0 &&
                  offer.connection === "m365" &&
                  unaccounted.some(({client, since}) => client === index && since <= month)
                ? "service_mapping"
                : "billing_gap",
      });
    }
    lines.push(putFlatLine(index, agreementId, support, workplaces, cents(support.listPrice) * months));
    if (index === newService.client && month >= newService.from) {
      const line = putFlatLine(index, agreementId, newService, newService.seats, newService.cents);
      lines.push({...line, from: newService.from});
    }
    putInvoices(index, clientId, agreementId, currency, cycle, timing, lines);
  }

  putUnaccounted(draft);
  putMislinkedAccount(draft);
  putForeignAccounts(draft);
  putBrokenSeat(draft);
  putExclusions(draft);
  putAzurePlan(draft);
  putPasswordManager(draft);
  putArrangements(draft);
  putLicences(draft);
  addTotals(draft);
  return {
    files: tables(draft),
    settings: settings(month),
    answers: sorted(answers),
  };

  /** A line whose quantity and price stay the same. */
  function putFlatLine(
    index: number,
    agreementId: string,
    {serviceId, serviceName}: {serviceId: string; serviceName: string},
    quantity: number,
    price: number,
  ): Line {
    const lineId = `AL${index}-${serviceId}`;
    put("imports/psa/agreement_lines", {
      agreement_line_id: lineId,
      agreement_id: agreementId,
      service_id: serviceId,
      description: serviceName,
      quantity,
      included_quantity: null,
      unit_price: money(price),
      unit_cost: null,
      start_date: null,
      end_date: null,
    });
    return {lineId, serviceId, description: serviceName, quantityAt: () => quantity, priceAt: () => price};
  }

  function putInvoices(
    index: number,
    clientId: string,
    agreementId: string,
    currency: string,
    cycle: string,
    timing: string,
    lines: readonly Line[],
  ): void {
    const planned =
      cycle === "annual"
        ? [{month: 3, start: "2026-03-01", end: "2027-03-01"}]
        : cycle === "quarterly"
          ? [
              {month: 7, start: "2026-07-01", end: "2026-10-01"},
              {month: 10, start: "2026-10-01", end: "2027-01-01"},
            ]
          : [7, 8, 9, 10, 11].map((due) =>
              timing === "arrears"
                ? {
                    month: due,
                    start: monthStart(due - 1),
                    end: monthStart(due),
                  }
                : {
                    month: due,
                    start: monthStart(due),
                    end: monthStart(due + 1),
                  },
            );
    const issued = planned.filter((one) => one.month <= month);
    for (const {month: billedMonth, start, end} of issued) {
      const isLast = billedMonth === issued.at(-1)?.month;
      const isNewest = isPresent && isLast;
      if (index === 36 && isNewest) {
        flag(
          "not_invoiced",
          index,
          null,
          agreementId,
          money(lines.reduce((sum, line) => sum + line.quantityAt(month) * (line.priceAt(month) ?? 0), 0)),
        );
        continue;
      }
      if (index === 37 && billedMonth === 9) continue;
      const invoiceId = `I${index}-${billedMonth}`;
      const present = lines.filter(({from = 0}) => from <= billedMonth);
      const mended: Row[] = present.map(({lineId, serviceId, description, quantityAt, priceAt}) => {
        const quantity = quantityAt(billedMonth);
        let charged = priceAt(billedMonth);
        if (index === 6 && serviceId === "S-EXO1" && !isNewest) charged = 500;
        if (index === 28 && serviceId === "S-RMM" && isNewest) charged = 1100;
        if (index === 40 && serviceId === "S-RMM" && !isNewest) charged = 1000;
        const split = index === 27 && serviceId === "S-RMM" && isNewest ? 2 : 0;
        return {
          invoice_line_id: `${invoiceId}-${serviceId}`,
          invoice_id: invoiceId,
          agreement_line_id: lineId,
          service_id: serviceId,
          description,
          quantity: quantity - split,
          unit_price: charged === null ? null : money(charged),
          amount: charged === null ? null : money(Math.round(charged * (quantity - split))),
          parent_line_id: null,
        };
      });
      const extra = (serviceId: string | null, given: Row): Row => ({
        invoice_line_id: `${invoiceId}-X`,
        invoice_id: invoiceId,
        agreement_line_id: null,
        service_id: serviceId,
        description: null,
        quantity: 1,
        unit_price: null,
        amount: null,
        parent_line_id: null,
        ...given,
      });
      const line = (serviceId: string): Row => mended.find((one) => one.service_id === serviceId) as Row;
      for (const one of mended) {
        if (one.unit_price === null) flag("missing_unit_price", index, invoiceId, String(one.invoice_line_id), null);
        if (!Number.isInteger(one.quantity))
          flag("fractional_quantity", index, invoiceId, String(one.invoice_line_id), null);
      }
      const quantityOf = (serviceId: string): number => Number(line(serviceId).quantity);
      if (index === 26) {
        flag("zero_unit_price", index, invoiceId, `${invoiceId}-S-EXO1`, null);
        flag("price_below_cost", index, invoiceId, `${invoiceId}-S-EXO1`, money(340 * quantityOf("S-EXO1")));
      }
      if (index === 29)
        flag("price_below_cost", index, invoiceId, `${invoiceId}-S-EXO1`, money(40 * quantityOf("S-EXO1")));
      let totalError = 0;
      let billedIn = currency;
      let periodStart = start;
      if (isNewest) {
        if (index === 27) {
          mended.push(
            extra("S-RMM", {
              quantity: 2,
              unit_price: "13.00",
              amount: "26.00",
              description: "Managed Endpoint, new site",
            }),
          );
          flag("inconsistent_unit_price", index, invoiceId, null, money(100 * quantityOf("S-RMM")));
        }
        if (index === 28) {
          flag(
            "price_differs_from_agreement",
            index,
            invoiceId,
            `${invoiceId}-S-RMM`,
            money(100 * quantityOf("S-RMM")),
          );
          flag("price_changed", index, invoiceId, `${invoiceId}-S-RMM`, money(100 * quantityOf("S-RMM")));
        }
        if (index === 40)
          flag("price_changed", index, invoiceId, `${invoiceId}-S-RMM`, money(200 * quantityOf("S-RMM")));
        if (index === 30) {
          line("S-RMM").amount = money(1200 * quantityOf("S-RMM") + 500);
          flag("amount_mismatch", index, invoiceId, `${invoiceId}-S-RMM`, "5.00");
        }
        if (index === 31) {
          totalError = -2000;
          flag("total_mismatch", index, invoiceId, null, "20.00");
        }
        if (index === 32) {
          mended.push({...line("S-MFA"), invoice_line_id: `${invoiceId}-Z`});
          flag("duplicate_line", index, invoiceId, `${invoiceId}-Z`, money(300 * quantityOf("S-MFA")));
        }
        if (index === 33) {
          mended.push(
            extra(null, {
              quantity: -1,
              unit_price: "10.00",
              amount: "-10.00",
              description: "Goodwill",
            }),
          );
          flag("negative_without_parent", index, invoiceId, `${invoiceId}-X`, "10.00");
        }
        if (index === 38) {
          periodStart = "2026-10-25";
          flag("period_overlap", index, invoiceId, null, null);
        }
        if (index === 39) {
          billedIn = "CAD";
          flag("currency_mismatch", index, invoiceId, null, null);
        }
        if (index === 42)
          mended.push(
            extra("S-RMM", {
              quantity: -1,
              unit_price: "12.00",
              amount: "-12.00",
              parent_line_id: `${invoiceId}-S-RMM`,
              description: "Credit",
            }),
          );
      }
      for (const {client, service, credit, price} of episodes) {
        if (client !== index) continue;
        if (credit?.month === billedMonth) {
          const price = line(service).unit_price ?? null;
          mended.push(
            extra(service, {
              invoice_line_id: `${invoiceId}-C`,
              quantity: -credit.units,
              unit_price: price,
              amount: money(-credit.units * cents(String(price))),
              parent_line_id: `${invoiceId}-${service}`,
              description: "Credit for earlier months",
            }),
          );
        }
        if (price?.from === billedMonth) {
          const before = cents(offers.find(({serviceId}) => serviceId === service)?.listPrice ?? "0");
          const amount = money((price.cents - before) * quantityOf(service));
          flag("price_changed", index, invoiceId, `${invoiceId}-${service}`, amount);
        }
      }
      if (index === 37 && billedMonth === 10) flag("period_gap", index, invoiceId, null, null);
      const total = mended.reduce((sum, one) => sum + Math.round(Number(one.amount ?? 0) * 100), 0) + totalError;
      put("imports/psa/invoices", {
        invoice_id: invoiceId,
        invoice_number: `INV-${String(index).padStart(3, "0")}-${billedMonth}`,
        client_id: clientId,
        agreement_id: agreementId,
        invoice_date: monthStart(billedMonth),
        period_start: periodStart,
        period_end: end,
        status: isLast ? "sent" : "paid",
        currency: billedIn,
        total: money(total),
      });
      put("imports/psa/invoice_lines", ...mended);
      if (index === 41 && isNewest) {
        for (const status of ["draft", "void"]) {
          const copyId = `${invoiceId}-${status}`;
          put("imports/psa/invoices", {
            invoice_id: copyId,
            invoice_number: null,
            client_id: clientId,
            agreement_id: agreementId,
            invoice_date: monthStart(billedMonth),
            period_start: start,
            period_end: end,
            status,
            currency,
            total: "120.00",
          });
          put("imports/psa/invoice_lines", {
            invoice_line_id: `${copyId}-1`,
            invoice_id: copyId,
            agreement_line_id: `AL${index}-S-RMM`,
            service_id: "S-RMM",
            description: "Managed Endpoint",
            quantity: 10,
            unit_price: "12.00",
            amount: "120.00",
            parent_line_id: null,
          });
        }
      }
    }
    if (index === 35 && isPresent) {
      put("imports/psa/agreements", {
        agreement_id: "A35-old",
        client_id: clientId,
        agreement_name: "Old projects",
        status: "expired",
        billing_cycle: "monthly",
        billing_timing: "advance",
        start_date: "2025-01-01",
        end_date: "2026-11-01",
        currency: "USD",
      });
      put("imports/psa/agreement_lines", {
        agreement_line_id: "AL35-old",
        agreement_id: "A35-old",
        service_id: "S-LAB",
        description: "Labour",
        quantity: 1,
        included_quantity: null,
        unit_price: "95.00",
        unit_cost: null,
        start_date: null,
        end_date: null,
      });
      put("imports/psa/invoices", {
        invoice_id: "I35-old",
        invoice_number: "INV-035-OLD",
        client_id: clientId,
        agreement_id: "A35-old",
        invoice_date: "2026-11-01",
        period_start: "2026-11-01",
        period_end: "2026-12-01",
        status: "sent",
        currency: "USD",
        total: "95.00",
      });
      put("imports/psa/invoice_lines", {
        invoice_line_id: "I35-old-1",
        invoice_id: "I35-old",
        agreement_line_id: "AL35-old",
        service_id: "S-LAB",
        description: "Labour",
        quantity: 1,
        unit_price: "95.00",
        amount: "95.00",
        parent_line_id: null,
      });
      flag("agreement_ended", index, "I35-old", "I35-old-1", "95.00");
    }
  }
}

/** The seats of one client and offer, with those that no rule counts beside them. */
function putSeats(
  put: (file: string, ...rows: Row[]) => void,
  index: number,
  offerIndex: number,
  domain: string,
  used: number,
  answers: Answers,
  clientId: string,
): void {
  const offer = offers[offerIndex];
  if (offer === undefined) return;
  const {connection, productId, kind} = offer;
  // Of its own, so that a seat is the same in every month.
  const random = seeded(1000 * index + offerIndex);
  const accountId = `${connection}-${index}`;
  const seat = (seatId: string, given: Row = {}): Row => {
    const person = oneOf(random, people);
    const day = String(between(random, 10, 22)).padStart(2, "0");
    return {
      seat_id: seatId,
      account_id: accountId,
      product_id: productId,
      kind,
      display_name: kind === "user" || kind === "mailbox" ? person : `DEV-${seatId.toUpperCase()}`,
      identifier: kind === "user" || kind === "mailbox" ? `${seatId}@${domain}` : `dev-${seatId}`,
      status: "active",
      created_at: "2025-06-01T08:00:00Z",
      last_activity_at: connection === "edr" ? null : `2026-11-${day}T09:30:00Z`,
      commitment_end: null,
      ...given,
    };
  };
  for (let number = 0; number < used; number++) {
    const seatId = `${offer.serviceId.toLowerCase()}-${index}-${number}`;
    const given: Row = {};
    if (connection === "m365" && offer.serviceId === "S-M365BP" && number === 0) {
      if (index % 8 === 0)
        Object.assign(given, {
          last_activity_at: "2026-09-30T09:00:00Z",
          commitment_end: "2027-02-01",
        });
      if (index % 16 === 4) given.last_activity_at = null;
      if (index % 10 === 3) given.last_activity_at = "2026-11-02T00:00:00Z";
      const isInactive = given.last_activity_at === null || given.last_activity_at === "2026-09-30T09:00:00Z";
      if (isInactive)
        answers.inactive.push({
          client_id: clientId,
          connection_id: connection,
          seat_id: seatId,
          activity_state: given.last_activity_at === null ? "never_active" : "inactive",
          days_inactive: given.last_activity_at === null ? null : 54,
          monthly_value: "26.00",
        });
    }
    put(`imports/${connection}/seats`, seat(seatId, given));
  }
  if (offer.serviceId === "S-M365BP" && index % 9 === 0)
    put("imports/m365/seats", seat(`left-${index}`, {status: "disabled"}));
  if (offer.serviceId === "S-M365BP" && index % 7 === 0)
    put(
      "imports/m365/seats",
      seat(`free-${index}`, {
        product_id: "a403ebcc-fae0-4ca2-8c8c-7a907fd6c235",
      }),
    );
  if (connection === "mail-security" && index % 5 === 0)
    put("imports/mail-security/seats", seat(`info-${index}`, {kind: "shared_mailbox", last_activity_at: null}));
  if (connection === "rmm" && index % 11 === 0) put("imports/rmm/seats", seat(`gone-${index}`, {status: "deleted"}));
}

function sorted(answers: Answers): Answers {
  const byText = (a: Row, b: Row): number => (JSON.stringify(a) < JSON.stringify(b) ? -1 : 1);
  return {
    ...answers,
    discrepancies: answers.discrepancies.sort(byText),
    flags: answers.flags.sort(byText),
    inactive: answers.inactive.sort(byText),
    clients: answers.clients.sort(byText),
    summary: answers.summary.sort(byText),
    mappingWork: answers.mappingWork.sort(byText),
  };
}
