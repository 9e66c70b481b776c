import {html} from "htl";
import {pageAddress} from "../lib/pageAddress.js";
import {rowsOf, type Table} from "../lib/rows.js";
import {type UrlState, urlState} from "../lib/urlState.js";
import {byCurrency, type CurrencyShare} from "./byCurrency.js";
import {type HeatCell, heatMap} from "./heatMap.js";
import {nothingCompared} from "./nothingCompared.js";
import {type ParetoBar, paretoChart} from "./paretoChart.js";
import {quantityChart, type ServiceQuantity} from "./quantityChart.js";

export interface ChartData {
  readonly currencies: Table;
  readonly clients: Table;
  readonly cells: Table;
  readonly quantities: Table;
}

interface InCurrency {
  readonly currency: string;
}

/** Charts to look at, to print and to hand on: who makes up the impact, where it lies, and how far the counts differ. */
export function charts(data: ChartData, state: UrlState = urlState()): HTMLElement {
  const currencies = rowsOf<CurrencyShare & {readonly is_compared: string}>(data.currencies);
  if (currencies.length === 0) {
    return html`<p class="empty">Nothing was reconciled yet. Run <code>trueup sync</code>, then <code>trueup reconcile</code>.</p>`;
  }
  return byCurrency(currencies, state, (currency) => {
    if (currencies.some((one) => one.currency === currency && one.is_compared === "false")) {
      return [nothingCompared("under- or overbilled")];
    }
    const of = <T extends InCurrency>(table: Table): T[] => rowsOf<T>(table).filter((row) => row.currency === currency);
    const bars = of<InCurrency & ParetoBar>(data.clients);
    const link = (query: Record<string, string>): string =>
      pageAddress("billing", {...query, ...(currencies.length > 1 ? {currency} : {})});
    return [
      html`<div class="big-charts">
        ${paretoChart({bars, currency, href: ({id}) => link({client: id})})}
        ${heatMap({
          clients: bars,
          cells: of<InCurrency & HeatCell>(data.cells),
          currency,
          href: ({client_id, service_id}) => link({client: client_id, service: service_id}),
        })}
        ${quantityChart({
          services: of<InCurrency & ServiceQuantity>(data.quantities),
          href: ({id}) => link({service: `service:${id}`}),
        })}
      </div>`,
    ];
  });
}
