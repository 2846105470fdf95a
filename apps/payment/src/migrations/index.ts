import { IDEMPOTENCY_MIGRATIONS } from '@backstep/idempotency';
import { LANE_MIGRATIONS } from '@backstep/lanes';
import { NAMED_LOCK_MIGRATIONS } from '@backstep/locks';
import { UNIT_OF_WORK_MIGRATIONS } from '@backstep/unit-of-work';
import { PaymentIntentsAndLedger1700000000002 } from './0002-payment-intents-and-ledger.js';
import { PaymentVersionsCounted1700000000201 } from './0003-versions-are-counted.js';
import { PaymentVersionsAreBigints1700000000301 } from './0004-versions-are-bigints.js';
import { PaymentLeasesAreLocks1700000000402 } from './0005-leases-are-locks.js';
import { Accounts1700000000501 } from './0006-accounts.js';
import { IntentsOfNoOrder1700000000502 } from './0007-intents-of-no-order.js';

export const MIGRATIONS = [
  ...UNIT_OF_WORK_MIGRATIONS,
  ...IDEMPOTENCY_MIGRATIONS,
  PaymentIntentsAndLedger1700000000002,
  PaymentVersionsCounted1700000000201,
  PaymentVersionsAreBigints1700000000301,
  ...NAMED_LOCK_MIGRATIONS,
  PaymentLeasesAreLocks1700000000402,
  ...LANE_MIGRATIONS,
  Accounts1700000000501,
  IntentsOfNoOrder1700000000502,
];
