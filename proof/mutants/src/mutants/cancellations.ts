import type { Mutant, SimulationCheck } from '../mutant.js';
import type { Fault } from '@backstep/simulation';
import { SIMULATED, spec } from './checks.js';

const ANSWERS = 'libs/saga/src/decide/answers.ts';
const CANCEL_ORDER = 'apps/orchestrator/src/cancel-order/cancel-order.saga.ts';
const REQUEST = 'apps/order/src/request-cancellation/request-cancellation.handler.ts';
const CHANGEABLE = 'apps/order/src/order/changeable.ts';
const REJECT_ORDER = 'apps/order/src/reject-order/reject-order.handler.ts';
const CONFIRM_ORDER = 'apps/order/src/confirm-order/confirm-order.handler.ts';
const ORDER_RULES = 'apps/order/src/order/order.rules.ts';
const REFUSE = 'apps/order/src/refuse-cancellation/refuse-cancellation.handler.ts';
const ANNOUNCE_AGAIN = 'apps/order/src/announce-again/announce-again.ts';

const ORDER_SPEC = spec('apps/order/src/order/when-an-order-is-cancelled.unit.spec.ts');

/** Every customer cancels when the order is about to be confirmed, and Kafka loses what the order service has said since. */
const LOST_REQUESTS: SimulationCheck = {
  ...SIMULATED,
  order: { cancelAfter: 900 },
  storms: [1_000, 1_300, 1_600].map((at): readonly Fault[] => [
    ...[0, 1].map((partition): Fault => ({ kind: 'delay', at, topic: 'order.events', partition, ms: 3_000 })),
    { kind: 'log lost', at: 2_900 },
  ]),
};

const HAND_OVER = 'apps/order/src/hand-over/refuse-handed-over.ts';

/** What makes a cancellation have one end, and nothing of the order stay. */
export const CANCELLATIONS: readonly Mutant[] = [
  {
    name: 'turned-back-after-the-pivot',
    prevents: 'An order is cancelled while the carrier is taking it: refunded and shipped.',
    edits: [{ file: ANSWERS, find: 'return mayCompensate(saga)', replace: "return saga.status === 'RUNNING'" }],
    check: SIMULATED,
  },
  {
    name: 'hand-over-not-minded',
    prevents: 'An order whose parcel the carrier has is CANCELLING for a while, and its customer hopes in vain.',
    edits: [{ file: HAND_OVER, find: 'if (!handOver && !refusal) return;', replace: 'if (!refusal) return;' }],
    check: ORDER_SPEC,
  },
  {
    name: 'not-turned-back',
    prevents: 'An order is placed to its end although its customer does not want it any more.',
    edits: [
      {
        file: ANSWERS,
        find: 'if (turnsBackOn && is(event, turnsBackOn.event)) {',
        replace: 'if (turnsBackOn === undefined && is(event, definition.startsOn)) {',
      },
    ],
    check: spec('apps/orchestrator/src/place-order/when-the-customer-cancels.unit.spec.ts'),
  },
  {
    name: 'cancelled-without-refund',
    prevents: 'A cancelled order keeps its customer’s money.',
    edits: [
      {
        file: CANCEL_ORDER,
        find: `    retriable('refund-payment',  { send: RefundPayment,  done: PaymentRefunded }),
`,
        replace: '',
      },
    ],
    check: SIMULATED,
  },
  {
    name: 'cancelled-without-release',
    prevents: 'A cancelled order keeps its stock.',
    edits: [
      {
        file: CANCEL_ORDER,
        find: `    retriable('release-stock',   { send: ReleaseStock,   done: StockReleased }),
`,
        replace: '',
      },
    ],
    check: SIMULATED,
  },
  {
    name: 'one-cancellation-an-order',
    prevents: 'An order whose first cancellation was refused has no saga for its second, and stays CANCELLING.',
    edits: [
      {
        file: CANCEL_ORDER,
        find: `  identifiedBy: 'cancellationId',
`,
        replace: '',
      },
    ],
    check: spec('apps/orchestrator/src/cancel-order/cancel-order.unit.spec.ts'),
  },
  {
    name: 'cancelled-while-another-change-is-at-work',
    prevents: 'Two changes of one order are at work at once.',
    edits: [
      {
        file: CHANGEABLE,
        find: `    case 'CANCELLING':
    case 'REVISING':
`,
        replace: `    case 'CANCELLING':
      return 'CONFIRMED';
    case 'REVISING':
`,
      },
    ],
    check: ORDER_SPEC,
  },
  {
    name: 'withdrawn-order-begins-cancel-order',
    prevents: 'An order that is still being placed is undone beside the saga that places it.',
    edits: [{ file: REQUEST, find: "if (change?.from === 'PENDING') return", replace: 'if (change === null) return' }],
    check: SIMULATED,
  },
  {
    name: 'cancelled-order-is-rejected',
    prevents: 'A customer who has cancelled is told that the order was refused.',
    edits: [
      {
        file: REJECT_ORDER,
        find: "const refusal = failure.code === 'cancelled_by_customer' ? null : REJECTED_MEANWHILE;",
        replace: 'const refusal = REJECTED_MEANWHILE;',
      },
    ],
    check: ORDER_SPEC,
  },
  {
    name: 'confirmed-order-stays-changing',
    prevents: 'An order is confirmed, and never tells what became of its cancellation.',
    edits: [
      {
        file: CONFIRM_ORDER,
        find: 'if (!cancellation) return told(',
        replace: 'if (cancellation === undefined || now > 0) return told(',
      },
    ],
    check: SIMULATED,
  },
  {
    name: 'confirmation-forgotten-while-cancelling',
    prevents:
      'A ConfirmOrder that comes again, because its answer was lost, contradicts an order that is being cancelled.',
    edits: [
      {
        file: ORDER_RULES,
        find: `  change?.from === 'CONFIRMED' ||
  (status === 'CANCELLED'`,
        replace: `  (status === 'CANCELLED'`,
      },
    ],
    check: ORDER_SPEC,
  },
  {
    name: 'refused-by-an-earlier-cancellation',
    prevents: 'A late command of an earlier cancellation ends the one that is at work.',
    edits: [
      {
        file: REFUSE,
        find: 'if (cancellation?.id !== cancellationId) return',
        replace: 'if (cancellation === undefined) return',
      },
    ],
    check: ORDER_SPEC,
  },
  {
    name: 'cancellation-announced-once',
    prevents: 'An order whose request to be cancelled Kafka has lost stays CANCELLING.',
    edits: [
      {
        file: ANNOUNCE_AGAIN,
        find: '[...placedAgain(order), ...cancellationAgain(order)]',
        replace: 'placedAgain(order)',
      },
    ],
    check: LOST_REQUESTS,
  },
];
