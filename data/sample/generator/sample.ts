import {putArrangements} from "./arrangements.js";
import {putAzurePlan} from "./azurePlan.js";
import {putClient} from "./clientRows.js";
import {settings} from "./connections.js";
import {type Answers, newDraft, type Row} from "./draft.js";
import {putBrokenSeat, putExclusions} from "./exclusions.js";
import {putLicences} from "./licences.js";
import {putManagedServices} from "./managedServices.js";
import {putOtherInvoices} from "./otherInvoices.js";
import {putPasswordManager} from "./passwordManager.js";
import {unlinked} from "./plants.js";
import {putProducts} from "./products.js";
import {putRules} from "./rules.js";
import {putServices} from "./services.js";
import {presentMonth} from "./story.js";
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

  // What is sold, seen and compared.
  putServices(draft);
  putProducts(draft);
  putRules(draft);

  // Clients with what all of them have.
  for (const client of draft.clients) {
    putClient(draft, client);
    putManagedServices(draft, client);
    putOtherInvoices(draft, client);
    if (client.number === unlinked.client) putUnlinkedAccount(draft);
  }

  // What only some have.
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
  return {files: tables(draft), settings: settings(month), answers: inOrder(draft.answers)};
}

function inOrder({health, ...lists}: Answers): Answers {
  const byText = (a: Row, b: Row): number => (JSON.stringify(a) < JSON.stringify(b) ? -1 : 1);
  for (const rows of Object.values(lists)) rows.sort(byText);
  return {...lists, health};
}
