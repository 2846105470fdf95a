import type { Mutant } from '../mutant.js';
import { spec } from './checks.js';

const RULES = 'apps/payment/src/intents/payment-intent/payment-intent.rules.ts';
const SETTLE = 'apps/payment/src/intents/payment-intent/settle.rules.ts';
const REMEMBERED = 'apps/payment/src/intents/payment-intent/remembered.ts';
const CALLS = 'apps/payment/src/intents/payment-intent/provider-calls.ts';
const CHARGES = 'apps/payment/src/intents/payment-intent/charges.rules.ts';

const MANY_MOVEMENTS = spec('apps/payment/src/intents/settle-payment/when-a-payment-has-many-movements.unit.spec.ts');
const SEVERAL_CALLS = spec('apps/payment/src/intents/settle-payment/when-a-refund-takes-several-calls.int.spec.ts');
const RACED = spec('apps/payment/src/intents/payment-intent/when-intents-are-raced.int.spec.ts');

/** What keeps the amount of an intent, its charges and its refunds together. */
export const PAYMENTS: readonly Mutant[] = [
  {
    name: 'amount-changed-while-charged',
    prevents: 'The amount of an intent is changed while it is charged, so that another one is captured than it shows.',
    edits: [
      {
        file: 'apps/payment/src/intents/patch-payment-intent/patch-payment-intent.handler.ts',
        find: "if (free.state.status !== 'CREATED') throw tooLate(free);",
        replace: 'void tooLate;',
      },
    ],
    check: RACED,
  },
  {
    name: 'further-charge-under-the-key-of-the-first',
    prevents: 'The difference of a revision is never taken, as the provider answers with the first charge.',
    edits: [{ file: CALLS, find: 'key: `charge:${of}`,', replace: 'key: `charge:${id}`,' }],
    check: MANY_MOVEMENTS,
  },
  {
    name: 'one-key-for-all-parts-of-a-refund',
    prevents: 'A refund that several charges give to is carried out for the first of them alone.',
    edits: [
      {
        file: CALLS,
        find: 'return `refund:${of.refundId}:${chargeId}`;',
        replace: 'return `refund:${of.refundId}`;',
      },
    ],
    check: MANY_MOVEMENTS,
  },
  {
    name: 'oldest-charge-gives-first',
    prevents: 'A refund takes from the first charge what the compensation of the latest one gives back already.',
    edits: [{ file: CHARGES, find: 'charges.toReversed()', replace: 'charges' }],
    check: MANY_MOVEMENTS,
  },
  {
    name: 'given-back-parts-forgotten',
    prevents: 'What one call has given back is not stored before the next, and is given back again.',
    edits: [
      {
        file: SETTLE,
        find: 'const charges = afterPart(before, part);',
        replace: 'const charges = next ? before : afterPart(before, part);',
      },
    ],
    check: MANY_MOVEMENTS,
  },
  {
    name: 'waiting-command-forgotten',
    prevents: 'A command that comes while the provider is asked for another is never carried out.',
    edits: [
      {
        file: RULES,
        find: 'return { state: { ...state, waiting: waiting.slice(at) }, begun, answered };',
        replace: 'return { state, begun, answered };',
      },
    ],
    check: MANY_MOVEMENTS,
  },
  {
    name: 'early-compensation-of-a-charge-forgotten',
    prevents: 'A charge is taken that its compensation has overtaken.',
    edits: [
      {
        file: REMEMBERED,
        find: 'return { ...state, notCharged: [...notCharged, { chargeId, failure }] } as PaymentState;',
        replace: 'return { ...state } as PaymentState;',
      },
    ],
    check: MANY_MOVEMENTS,
  },
  {
    name: 'charged-after-the-compensation-of-all',
    prevents: 'A charge that comes late is taken of an order that was compensated.',
    edits: [
      {
        file: 'apps/payment/src/intents/payment-intent/payment-state.ts',
        find: "(state.status === 'REFUNDED' && state.open === true)",
        replace: "state.status === 'REFUNDED'",
      },
    ],
    check: MANY_MOVEMENTS,
  },
  {
    name: 'part-asked-for-after-its-key-has-expired',
    prevents: 'A refund of a part is repeated when the provider has forgotten its key, and given back twice.',
    edits: [{ file: REMEMBERED, find: '&& { since: now };', replace: '&& {};' }],
    check: SEVERAL_CALLS,
  },
];
