import { IDEMPOTENCY_MIGRATIONS } from '@backstep/idempotency';
import { NAMED_LOCK_MIGRATIONS } from '@backstep/locks';
import { UNIT_OF_WORK_MIGRATIONS } from '@backstep/unit-of-work';
import { Shipments1700000000002 } from './0002-shipments.js';
import { ShipmentVersionsCounted1700000000201 } from './0003-versions-are-counted.js';
import { ShipmentVersionsAreBigints1700000000301 } from './0004-versions-are-bigints.js';
import { ShipmentsLive1700000000501 } from './0005-shipments-live.js';

export const MIGRATIONS = [
  ...UNIT_OF_WORK_MIGRATIONS,
  ...IDEMPOTENCY_MIGRATIONS,
  ...NAMED_LOCK_MIGRATIONS,
  Shipments1700000000002,
  ShipmentVersionsCounted1700000000201,
  ShipmentVersionsAreBigints1700000000301,
  ShipmentsLive1700000000501,
];
