import {putArrangements} from "./arrangements.js";
import {putAzurePlan} from "./azurePlan.js";
import {lateExport, offers} from "./catalogue.js";
import {putClient} from "./clientRows.js";
import {cycles} from "./clients.js";
import {settings} from "./connections.js";
import {type Answers, newDraft, put as putRows, type Row} from "./draft.js";
import {putBrokenSeat, putExclusions} from "./exclusions.js";
import {putInvoices} from "./invoices.js";
import {putLicences} from "./licences.js";
import {type Line, newServiceLines, putAgreementLine, supportLine} from "./lines.js";
import {cents, money} from "./money.js";
import {people} from "./names.js";
import {putOtherInvoices} from "./otherInvoices.js";
import {putPasswordManager} from "./passwordManager.js";
import {mislinked, type Plant, plants, unaccounted, unlinked} from "./plants.js";
import {putProducts} from "./products.js";
import {between, oneOf, seeded} from "./random.js";
import {putRules} from "./rules.js";
import {putServices} from "./services.js";
import {episodes, presentMonth, stepAt} from "./story.js";
import {putForeignAccounts, putMislinkedAccount, putUnlinkedAccount} from "./strayAccounts.js";
import {type Table, tables} from "./tables.js";
import {addTotals} from "./totals.js";
import {putUnaccounted} from "./unaccounted.js";

export interface Sample {
  readonly files: Record<string, Table>;
  readonly settings: string;
  readonly answers: Answers;
}

/** The sample as it was at the end of a month of 2026; the present one without it. */
export function makeSample(month = presentMonth): Sample {
  const draft = newDraft(month);
  const {isPresent, answers} = draft;
  const put = (file: string, ...added: Row[]): void => putRows(draft, file, ...added);
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
    for (const line of [supportLine(client, workplaces), ...newServiceLines(client, month)]) {
      putAgreementLine(draft, client, line);
      lines.push(line);
    }
    putInvoices(draft, client, lines);
    putOtherInvoices(draft, client);
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
