import PQueue from "p-queue";
import type {z} from "zod";
import {requireBillingCycle} from "../billing.js";
import type {ConnectorContext, Sink} from "../connector.js";
import type {HttpClient} from "../http/client.js";
import {hasStatus} from "../http/errors.js";
import {readStream} from "../readStream.js";
import {dateOf, dayAfter, decimalOf, textOf} from "../values.js";
import {agreementsAtOnce, list, type Settings} from "./client.js";
import {additionSchema, agreementSchema} from "./schemas.js";

type Agreement = z.infer<typeof agreementSchema>;

function statusOf(
  {agreementStatus, cancelledFlag, dateCancelled}: Agreement,
  now: Date,
): "active" | "cancelled" | "expired" {
  const isCancelled = cancelledFlag && (dateOf(dateCancelled) ?? "") <= now.toISOString().slice(0, 10);
  if (isCancelled || agreementStatus === "Cancelled") return "cancelled";
  return agreementStatus === "Expired" || agreementStatus === "Inactive" ? "expired" : "active";
}

function endOf({noEndingDateFlag, endDate, cancelledFlag, dateCancelled}: Agreement): string | null {
  const end = noEndingDateFlag ? null : dayAfter(endDate);
  const cancelled = cancelledFlag ? dateOf(dateCancelled) : null;
  return cancelled !== null && (end === null || cancelled < end) ? cancelled : end;
}

const isNotFound = (error: unknown) => hasStatus(error, 404);

async function isThere(client: HttpClient, agreement: string): Promise<boolean> {
  try {
    await client.read({path: `/finance/agreements/${encodeURIComponent(agreement)}`, query: {fields: "id"}});
    return true;
  } catch (error) {
    if (isNotFound(error)) return false;
    throw error;
  }
}

/** Reads the agreements, and of each its additions. */
export async function readAgreements(
  context: ConnectorContext<Settings>,
  sink: Sink,
  client: HttpClient,
): Promise<void> {
  const agreements: string[] = [];
  const agreementFields =
    "id,name,company,agreementStatus,cancelledFlag,dateCancelled,billOneTimeFlag,billingCycle,periodType,startDate,endDate,noEndingDateFlag,currency";
  await readStream(context, sink, {
    name: "agreements",
    table: "agreements",
    pages: list(client, "/finance/agreements", agreementFields),
    schema: agreementSchema.transform((agreement, issues) => ({
      ...agreement,
      cycle: agreement.billOneTimeFlag
        ? "one_time"
        : requireBillingCycle(agreement.billingCycle?.name, context.settings.billing_cycles, issues, [
            "billingCycle",
            "name",
          ]),
    })),
    toRows: (agreement) => {
      agreements.push(agreement.id);
      return {
        agreements: [
          {
            agreement_id: agreement.id,
            client_id: agreement.company.id,
            agreement_name: textOf(agreement.name),
            status: statusOf(agreement, context.now),
            billing_cycle: agreement.cycle,
            billing_timing: agreement.periodType === "Future" ? "advance" : null,
            start_date: dateOf(agreement.startDate),
            end_date: endOf(agreement),
            currency: textOf(agreement.currency?.currencyCode),
          },
        ],
      };
    },
  });
  const additionFields =
    "id,product,quantity,lessIncluded,unitPrice,unitCost,billCustomer,effectiveDate,cancelledDate,description,invoiceDescription";
  const readAdditions = (agreement: string) =>
    readStream(context, sink, {
      name: "additions",
      table: "agreement_lines",
      pages: list(client, `/finance/agreements/${encodeURIComponent(agreement)}/additions`, additionFields),
      schema: additionSchema,
      toRows: (addition) => {
        if (addition.billCustomer === "DoNotBill") return {};
        return {
          agreement_lines: [
            {
              agreement_line_id: addition.id,
              agreement_id: agreement,
              service_id: addition.product.id,
              description: textOf(addition.invoiceDescription) ?? textOf(addition.description),
              quantity: decimalOf(addition.quantity),
              included_quantity: decimalOf(addition.lessIncluded),
              unit_price: addition.billCustomer === "NoCharge" ? "0" : decimalOf(addition.unitPrice),
              unit_cost: decimalOf(addition.unitCost),
              start_date: dateOf(addition.effectiveDate),
              end_date: dateOf(addition.cancelledDate),
            },
          ],
        };
      },
    });
  const deleted: string[] = [];
  // Half of what is billed would make a false picture: one agreement that cannot be read fails the connection.
  const queue = new PQueue({concurrency: agreementsAtOnce});
  await queue.addAll(
    agreements.map((agreement) => async () => {
      try {
        await readAdditions(agreement);
      } catch (error) {
        if (!isNotFound(error) || (await isThere(client, agreement))) throw error;
        deleted.push(agreement);
      }
    }),
  );
  if (deleted.length === 0) return;
  for (const table of ["agreements", "agreement_lines"] as const) await sink.discard(table, {agreement_id: deleted});
}
