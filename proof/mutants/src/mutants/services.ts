import type { Mutant } from '../mutant.js';
import { LOST_EVENTS, SIMULATED, spec } from './checks.js';

const BATCH = 'libs/unit-of-work/src/batch.ts';
const ANNOUNCE_AGAIN = 'apps/order/src/announce-again/announce-again.ts';
const IDEMPOTENT = 'libs/idempotency/src/idempotent.ts';
const CREATE_SHIPMENT = 'apps/shipment/src/create-shipment/create-shipment.handler.ts';
const CANCEL_SHIPMENT = 'apps/shipment/src/cancel-shipment/cancel-shipment.handler.ts';
const SHIPMENT_RULES = 'apps/shipment/src/shipment/shipment.rules.ts';
const SHIP_STOCK = 'apps/inventory/src/ship-stock/ship-stock.handler.ts';
const PARCELS = spec('apps/shipment/src/shipment/when-a-parcel-is-moved-or-called-back.unit.spec.ts');
const STOCK_RULES = 'apps/inventory/src/stock/stock.rules.ts';
const CALLS = 'apps/payment/src/intents/payment-intent/provider-calls.ts';
const STRIPE = 'apps/payment/src/intents/provider/stripe-provider.ts';

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
        find: 'const { answer: unsentPredecessors, at } = await writeTimed(executor, this.parts(acknowledged), question, timed);',
        replace: `const parts = this.parts(acknowledged);
    const { answer: unsentPredecessors, at } = await writeTimed(executor, parts.filter(({ name }) => name !== 'ins_idempotency_key'), question, timed);
    await writeTimed(executor, parts.filter(({ name }) => name === 'ins_idempotency_key'), undefined, false);`,
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
        find: `this.jobs.every(this.config.ANNOUNCE_AGAIN_AFTER_MS, 'announce waiting orders again', () => this.turn());`,
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
        find: 'const due = await takeDueAnnouncements(this.database, this.config.ANNOUNCE_AGAIN_AFTER_MS, isOurs);',
        replace: `const taken = await takeDueAnnouncements(this.database, this.config.ANNOUNCE_AGAIN_AFTER_MS, isOurs);
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
        file: CALLS,
        find: 'key: `charge:${of}`,',
        replace: 'key: `charge:${of}:${Date.now()}`,',
      },
    ],
    check: SIMULATED,
  },
  {
    name: 'refund-key-of-each-try',
    prevents: 'A refund whose answer was lost is made twice.',
    edits: [
      {
        file: CALLS,
        find: 'key: wholeRefundKey(id),',
        replace: 'key: `${wholeRefundKey(id)}:${Date.now()}`,',
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
    name: 'handed-over-after-a-cancellation',
    prevents: 'A parcel leaves the house although its shipment is cancelled, and its order refunded.',
    edits: [
      {
        file: SHIPMENT_RULES,
        find: "return state.status === 'CREATED' ? handOver(state, at) : undefined;",
        replace: "return state.status !== 'DELIVERED' ? handOver(state as Created, at) : undefined;",
      },
    ],
    check: PARCELS,
  },
  {
    name: 'cancelled-after-the-hand-over',
    prevents: 'An order is refunded whose parcel the carrier has.',
    edits: [
      {
        file: CANCEL_SHIPMENT,
        find: "      case 'CREATED': {",
        replace: "      case 'HANDED_OVER' as 'CREATED':\n      case 'CREATED': {",
      },
    ],
    check: PARCELS,
  },
  {
    name: 'cancellation-that-comes-first-forgotten',
    prevents: 'A shipment is created although it was cancelled before its command came.',
    edits: [
      {
        file: CANCEL_SHIPMENT,
        find: 'return [never, reply(command, ShipmentCancelled, { orderId }, { of: never })];',
        replace: 'return [reply(command, ShipmentCancelled, { orderId })];',
      },
    ],
    check: PARCELS,
  },
  {
    name: 'goods-shipped-twice',
    prevents: 'The goods of one parcel leave the stock twice, as the delivery tells them once more.',
    edits: [
      { file: SHIP_STOCK, find: 'if (issue) return [];', replace: '' },
      {
        file: SHIP_STOCK,
        find: "if (!reservation || status !== 'HELD')",
        replace: "if (!reservation || status === 'RELEASED')",
      },
      {
        file: SHIP_STOCK,
        find: 'insert(GoodsIssue, { orderId, items, issuedAt: new Date(now) }),',
        replace: '...(issue ? [] : [insert(GoodsIssue, { orderId, items, issuedAt: new Date(now) })]),',
      },
      { file: SHIP_STOCK, find: 'items: remainder(reservation.items, items) }', replace: 'items: [] }' },
      {
        file: 'apps/inventory/src/stock/stock.rules.ts',
        find: 'return { onHand: stock.onHand - quantity, ...release(stock, quantity) };',
        replace: 'return { onHand: stock.onHand - quantity, reserved: Math.max(0, stock.reserved - quantity) };',
      },
    ],
    check: SIMULATED,
  },
  {
    name: 'shipped-goods-released',
    prevents: 'Goods that have left the house are given back to the stock, and sold once more.',
    edits: [
      {
        file: 'apps/inventory/src/release-stock/release-stock.handler.ts',
        find: "if (reservation.status !== 'HELD')",
        replace: "if (reservation.status === 'RELEASED')",
      },
      { file: SHIP_STOCK, find: 'items: remainder(reservation.items, items) }', replace: '}' },
    ],
    check: spec('apps/inventory/src/ship-stock/when-goods-leave-the-house.unit.spec.ts'),
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
