import type { EvidenceDeclaration } from '@backstep/messaging';

const ORDERS = `
  /* order.evidence */ SELECT 'orders' AS "table", id::text AS key, version::float8 AS version, status AS state
  FROM orders WHERE id = $1 LIMIT $2`;

const REVISIONS = `
  /* order.revision-evidence */ SELECT 'order_revision' AS "table", id::text AS key, version::float8 AS version,
    status || coalesce(': ' || failure_code, '') AS state
  FROM order_revision WHERE order_id = $1 ORDER BY id LIMIT $2`;

const HAND_OVERS = `
  /* order.hand-over-evidence */ SELECT 'hand_over' AS "table", order_id::text AS key, version::float8 AS version, 'handed over' AS state
  FROM hand_over WHERE order_id = $1 LIMIT $2`;

/** The rows about an order. */
export const EVIDENCE: EvidenceDeclaration = { keys: 'uuid', rows: [ORDERS, REVISIONS, HAND_OVERS] };
