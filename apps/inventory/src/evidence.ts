import type { EvidenceDeclaration } from '@backstep/messaging';

const RESERVATIONS = `
  /* inventory.evidence */ SELECT 'reservation' AS "table", order_id::text AS key, version::float8 AS version, status AS state
  FROM reservation WHERE order_id = $1 LIMIT $2`;

const GOODS_ISSUES = `
  /* inventory.goods-issue-evidence */ SELECT 'goods_issue' AS "table", order_id::text AS key, version::float8 AS version, 'left the house' AS state
  FROM goods_issue WHERE order_id = $1 LIMIT $2`;

/** As it is now, for all orders: it has moved on since this order reserved of it. */
const STOCK = `
  /* inventory.stock-evidence */ SELECT DISTINCT 'stock' AS "table", s.sku AS key, s.version::float8 AS version,
    s.reserved || ' reserved of ' || s.on_hand AS state
  FROM (SELECT items FROM reservation WHERE order_id = $1 UNION ALL SELECT items FROM goods_issue WHERE order_id = $1) AS taken,
    jsonb_array_elements(taken.items) AS line JOIN stock s ON s.sku = line ->> 'sku' ORDER BY key LIMIT $2`;

/** The rows about an order. What was asked of its reservation later is in the messages: those rows have no index by their order. */
export const EVIDENCE: EvidenceDeclaration = { keys: 'uuid', rows: [RESERVATIONS, GOODS_ISSUES, STOCK] };
