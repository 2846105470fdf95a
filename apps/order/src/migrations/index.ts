import { IDEMPOTENCY_MIGRATIONS } from '@backstep/idempotency';
import { UNIT_OF_WORK_MIGRATIONS } from '@backstep/unit-of-work';
import { Orders1700000000002 } from './0002-orders.js';
import { OrderAnnouncements1700000000003 } from './0003-order-announcements.js';
import { OrderVersionsCounted1700000000201 } from './0004-versions-are-counted.js';
import { OrderVersionsAreBigints1700000000301 } from './0005-versions-are-bigints.js';
import { Customers1700000000401 } from './0006-customers.js';
import { OrderChanges1700000000501 } from './0007-order-changes.js';
import { OrdersAreRevised1700000000502 } from './0008-orders-are-revised.js';
import { HandOversAreKnown1700000000503 } from './0009-hand-overs-are-known.js';

export const MIGRATIONS = [
  ...UNIT_OF_WORK_MIGRATIONS,
  ...IDEMPOTENCY_MIGRATIONS,
  Orders1700000000002,
  OrderAnnouncements1700000000003,
  OrderVersionsCounted1700000000201,
  OrderVersionsAreBigints1700000000301,
  Customers1700000000401,
  OrderChanges1700000000501,
  OrdersAreRevised1700000000502,
  HandOversAreKnown1700000000503,
];
