/** SQL over rows of `reconciliation`, and of what the months found. */

/** What a row is about, as links and filters name it: a service, or a product that none stands for. */
export const subject = "coalesce('service:' || service_id, 'product:' || connection_ids || ':' || product_id)";

/** The same in words. */
export const subjectLabel = "coalesce(service_name, product_name || ' (no service)')";

/** Impacts added up, underbilled and overbilled apart and neither with a sign. */
export const sides = `
  sum(case when impact_monthly > 0 then impact_monthly else 0 end) as under,
  -sum(case when impact_monthly < 0 then impact_monthly else 0 end) as over`;
