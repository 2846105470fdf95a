import type { EvidenceDeclaration } from '@backstep/messaging';

const SHIPMENTS = `
  /* shipment.evidence */ SELECT 'shipment' AS "table", order_id::text AS key, version::float8 AS version,
    status || coalesce(': ' || reason, '') AS state
  FROM shipment WHERE order_id = $1 LIMIT $2`;

/** The rows about an order. */
export const EVIDENCE: EvidenceDeclaration = { keys: 'uuid', rows: [SHIPMENTS] };
