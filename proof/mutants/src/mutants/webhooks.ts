import type { Mutant } from '../mutant.js';
import { spec } from './checks.js';

const RECEIVE = 'apps/payment/src/intents/receive-webhook';
const DELIVERED = spec(`${RECEIVE}/when-an-event-is-delivered.int.spec.ts`);
const IN_PARTS = spec(`${RECEIVE}/when-a-part-is-given-back.int.spec.ts`);
const MEETING = spec(`${RECEIVE}/when-webhooks-and-workers-meet.int.spec.ts`);

/** What the payment provider tells unasked, and what keeps it from being believed or stored too often. */
export const WEBHOOKS: readonly Mutant[] = [
  {
    name: 'webhook-signature-not-checked',
    prevents: 'Whoever reaches the gateway says that an order is paid.',
    edits: [
      {
        file: `${RECEIVE}/webhook-signatures.ts`,
        find: 'return Stripe.webhooks.constructEvent(bytes, header, this.secret, TOLERANCE_SECONDS);',
        replace: 'return JSON.parse(bytes.toString()) as Stripe.Event;',
      },
    ],
    check: DELIVERED,
  },
  {
    name: 'webhook-of-any-age',
    prevents: 'An event that was overheard is replayed for ever.',
    edits: [
      {
        file: `${RECEIVE}/webhook-signatures.ts`,
        find: 'this.secret, TOLERANCE_SECONDS);',
        replace: 'this.secret, 2 ** 31);',
      },
    ],
    check: DELIVERED,
  },
  {
    name: 'webhook-decided-each-time',
    prevents: 'An event that comes again is decided again, whatever has become of its payment.',
    edits: [
      {
        file: `${RECEIVE}/receive-webhook.handler.ts`,
        find: 'keyed(event.id, {',
        replace: 'keyed(undefined, {',
      },
    ],
    check: DELIVERED,
  },
  {
    name: 'webhook-believed-whole',
    prevents: 'An event about another amount settles the payment.',
    edits: [
      {
        file: `${RECEIVE}/receive-webhook.handler.ts`,
        find: 'event.check(state.intent);',
        replace: '',
      },
    ],
    check: DELIVERED,
  },
  {
    name: 'refund-in-parts-not-heard',
    prevents:
      'A part that was given back is repeated after the provider has told of it, for as long as nobody answers.',
    edits: [
      {
        file: `${RECEIVE}/provider-event.ts`,
        find: 'if (object.refunded !== true && (key === undefined || !isRefundKey(key))) return undefined;',
        replace: "if (object.refunded !== true && isRefundKey('refund:')) return undefined;",
      },
    ],
    check: IN_PARTS,
  },
  {
    name: 'part-of-a-refund-believed',
    prevents: 'An event about another amount settles a refund of a part.',
    edits: [
      {
        file: `${RECEIVE}/provider-event.ts`,
        find: 'refunded + call.amount : rest;',
        replace: 'undefined : rest;',
      },
    ],
    check: DELIVERED,
  },
  {
    name: 'lease-kept-after-a-webhook',
    prevents: 'A refund waits for the end of a lease that nobody uses.',
    edits: [
      {
        file: 'apps/payment/src/intents/settle-payment/provider-worker.ts',
        find: 'if (!isStored) await',
        replace: 'if (!isStored && Date.now() < 0) await',
      },
    ],
    check: MEETING,
  },
  {
    name: 'settled-payment-is-due-again',
    prevents: 'A worker that heard nothing writes its problem into a payment that a webhook has settled.',
    edits: [
      {
        file: 'apps/payment/src/intents/settle-payment/leases.ts',
        find: "p.status IN ('CHARGE_REQUESTED', 'REFUND_REQUESTED') AND EXISTS (",
        replace: 'EXISTS (',
      },
    ],
    check: MEETING,
  },
];
