import type { Mutant } from '../mutant.js';
import { LOST_EVENTS, SIMULATED } from './checks.js';

const BATCH = 'libs/unit-of-work/src/batch.ts';
const ANNOUNCE_AGAIN = 'apps/order/src/announce-again/announce-again.ts';
const IDEMPOTENT = 'libs/idempotency/src/idempotent.ts';
const CREATE_SHIPMENT = 'apps/shipment/src/create-shipment/create-shipment.handler.ts';
const STOCK_RULES = 'apps/inventory/src/stock/stock.rules.ts';
const STRIPE = 'apps/payment/src/provider/stripe-provider.ts';

/** What the services do for their own part. */
export const SERVICES: readonly Mutant[] = [
  {
    name: 'idempotency-key-ignored',
    prevents: 'A request that is sent again places a second order.',
    edits: [
      {
        file: IDEMPOTENT,
        find: 'if (key === undefined || changes.length === 0) return',
        replace: 'if (key === undefined || changes.length >= 0) return',
      },
    ],
    check: SIMULATED,
  },
  {
    name: 'idempotency-key-in-another-transaction',
    prevents: 'An order is placed, its process dies, and the request that is sent again places a second one.',
    edits: [
      {
        file: BATCH,
        find: 'const unsentPredecessors = (await write(executor, this.parts(acknowledged), question)) ?? [];',
        replace: `const parts = this.parts(acknowledged);
    const unsentPredecessors = (await write(executor, parts.filter(({ name }) => name !== 'ins_idempotency_key'), question)) ?? [];
    await write(executor, parts.filter(({ name }) => name === 'ins_idempotency_key'));`,
      },
    ],
    check: SIMULATED,
  },
  {
    name: 'never-announced-again',
    prevents: 'An order whose announcement Kafka has lost waits for ever.',
    edits: [
      {
        file: ANNOUNCE_AGAIN,
        find: `this.jobs.every(this.config.ANNOUNCE_AGAIN_AFTER_MS, 'announce pending orders again', () => this.turn());`,
        replace: '',
      },
    ],
    check: SIMULATED,
  },
  {
    name: 'announced-once-and-never-again',
    prevents: 'An order waits for ever whose second announcement is lost as well.',
    edits: [
      {
        file: ANNOUNCE_AGAIN,
        find: 'const due = await takeDueAnnouncements(this.database, this.config.ANNOUNCE_AGAIN_AFTER_MS);',
        replace: `const taken = await takeDueAnnouncements(this.database, this.config.ANNOUNCE_AGAIN_AFTER_MS);
    const due = taken.slice(0, 0);`,
      },
    ],
    check: SIMULATED,
  },
  {
    name: 'charge-key-of-each-try',
    prevents: 'A charge whose answer was lost is made twice.',
    edits: [
      {
        file: STRIPE,
        find: 'idempotencyKey: `charge:${paymentIntentId}`',
        replace: 'idempotencyKey: `charge:${paymentIntentId}:${Date.now()}`',
      },
    ],
    check: SIMULATED,
  },
  {
    name: 'refund-key-of-each-try',
    prevents: 'A refund whose answer was lost is made twice.',
    edits: [
      {
        file: STRIPE,
        find: 'idempotencyKey: `refund:${paymentIntentId}`',
        replace: 'idempotencyKey: `refund:${paymentIntentId}:${Date.now()}`',
      },
    ],
    check: SIMULATED,
  },
  {
    name: 'unknown-outcome-is-a-no',
    prevents: 'A charge whose answer was lost counts as refused, and the money is kept.',
    edits: [
      {
        file: STRIPE,
        find: 'const failure = refusalIn(error, asked, this.secrets(paymentMethod));',
        replace: `const failure = refusalIn(error, asked, this.secrets(paymentMethod)) ?? { reason: 'no_answer', message: 'no answer' };`,
      },
    ],
    check: SIMULATED,
  },
  {
    name: 'answer-of-another-believed',
    prevents: "An order counts as paid by somebody else's payment, or as given back by somebody else's refund.",
    edits: [
      { file: STRIPE, find: 'checkCaptured(made.status', replace: 'void checkCaptured; void (made.status' },
      { file: STRIPE, find: 'checkRefunded(made, asked);', replace: 'void checkRefunded;' },
    ],
    check: SIMULATED,
  },
  {
    name: 'silent-when-asked-again',
    prevents: 'A participant whose answer was lost never answers.',
    edits: [
      {
        file: CREATE_SHIPMENT,
        find: 'if (shipment) return [tell(command, shipment)];',
        replace: 'if (shipment) return [];',
      },
    ],
    check: LOST_EVENTS,
  },
  {
    name: 'reserved-without-limit',
    prevents: 'More is promised than there is.',
    edits: [
      {
        file: STOCK_RULES,
        find: '.filter((line) => line.requested > line.available);',
        replace: '.filter((line) => line.requested <= 0);',
      },
      { file: STOCK_RULES, find: 'quantity <= 0 || reserved > stock.onHand', replace: 'quantity <= 0' },
    ],
    check: SIMULATED,
  },
];
