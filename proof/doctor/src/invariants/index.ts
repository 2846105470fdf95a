import type { Invariant } from '../violation.js';
import { oneOrderPerRequest } from './i01-one-order-per-request.js';
import { everyOrderEnds } from './i02-every-order-ends.js';
import { oneCapturePerIntent } from './i03-one-capture-per-intent.js';
import { moneyAddsUp } from './i04-money-adds-up.js';
import { stockAddsUp } from './i05-stock-adds-up.js';
import { nothingWithoutItsOrder } from './i06-nothing-without-its-order.js';
import { compensationsReverseWhatRan } from './i07-compensations-reverse-what-ran.js';
import { noShipmentBeforeItsCharge } from './i08-no-shipment-before-its-charge.js';
import { terminalIsTerminal } from './i09-terminal-is-terminal.js';
import { messagesMatchTheirOutbox } from './i10-messages-match-their-outbox.js';
import { versionsInOrder } from './i11-versions-in-order.js';
import { oneEffectPerMessage } from './i12-one-effect-per-message.js';
import { onlyPoisonIsParked } from './i13-only-poison-is-parked.js';
import { accountsAddUp } from './i14-accounts-add-up.js';

/** All of them, in the order of the design. */
export const INVARIANTS: readonly Invariant[] = [
  oneOrderPerRequest,
  everyOrderEnds,
  oneCapturePerIntent,
  moneyAddsUp,
  stockAddsUp,
  nothingWithoutItsOrder,
  compensationsReverseWhatRan,
  noShipmentBeforeItsCharge,
  terminalIsTerminal,
  messagesMatchTheirOutbox,
  versionsInOrder,
  oneEffectPerMessage,
  onlyPoisonIsParked,
  accountsAddUp,
];
