import type { EvidenceDeclaration } from '@backstep/messaging';

const INTENTS = `
  /* payment.evidence */ SELECT 'payment_intent' AS "table", id::text AS key, version::float8 AS version,
    status || coalesce(' ' || provider_reference, '') || ', ' || attempts || CASE attempts WHEN 1 THEN ' attempt' ELSE ' attempts' END AS state
  FROM payment_intent WHERE id = $1 LIMIT $2`;

/**
 * By the ids that its movements may have (`transactionOf`, `partKey`): the ledger has no index by payment, which each charge would write.
 */
const LEDGER = `
  /* payment.ledger-evidence */ WITH payment AS (SELECT id::text AS id, state FROM payment_intent WHERE id = $1),
    charge (id) AS (
      SELECT id FROM payment
      UNION SELECT made ->> 'chargeId' FROM payment, jsonb_array_elements(state -> 'charges') AS made
    ),
    movement (id) AS (
      SELECT 'capture:' || id FROM charge
      UNION SELECT 'refund-charge:' || id FROM charge
      UNION SELECT 'refund-all:' || payment.id || ':' || charge.id FROM payment, charge
      UNION SELECT 'refund:' || id FROM payment
      UNION SELECT 'refund:' || (made ->> 'refundId') || ':' || charge.id
        FROM payment, charge, jsonb_array_elements(state -> 'refunds') AS made
    )
  SELECT 'ledger_entry' AS "table", e.id AS key, e.version::float8 AS version, e.account || ' ' || e.amount || ' ' || e.currency AS state
  FROM movement CROSS JOIN (VALUES ('provider_clearing'), ('order_revenue')) AS side (account)
    JOIN ledger_entry e ON e.id = movement.id || ':' || side.account ORDER BY e.made_at, e.id LIMIT $2`;

/** The rows about an order's payment, whose id is the order's. */
export const EVIDENCE: EvidenceDeclaration = { keys: 'uuid', rows: [INTENTS, LEDGER] };
