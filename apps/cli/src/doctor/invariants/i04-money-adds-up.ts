import { tooNew, underWay, type Evidence } from '../evidence.js';
import { lookAt, type Finding, type Invariant } from '../violation.js';

/** What three books say about one currency. */
interface Books {
  provider: number;
  ledger: number;
  orders: number;
}

/**
 * I4: what the provider keeps, what the payment service's ledger says, and the totals of the confirmed orders are one sum.
 *
 * Per currency, and per payment where provider and ledger differ, so that the difference has a name. Orders on their way are
 * left out of all three: their money may be moving. Every transaction of the ledger adds up to zero.
 */
export const moneyAddsUp: Invariant = {
  id: 'I4',
  title: 'provider, ledger and confirmed orders tell the same sum',
  *check(evidence) {
    const differing = [...paymentsThatDiffer(evidence)];
    yield* unbalanced(evidence);
    yield* differing;
    if (differing.length === 0) yield* sumsThatDiffer(evidence);
  },
};

const judged = (evidence: Evidence, orderId: string): boolean =>
  !underWay(evidence, orderId) && !tooNew(evidence, orderId);

function* unbalanced({ ledger }: Evidence): Generator<Finding> {
  for (const { paymentIntentId, balance } of ledger.values()) {
    if (balance === 0) continue;
    yield {
      what: `the ledger entries of payment ${paymentIntentId} add up to ${balance}, not to zero`,
      orderId: paymentIntentId,
      remedy:
        'The table refuses such entries: find out who switched its triggers off (ledger_entry of backstep_payment).',
    };
  }
}

function* paymentsThatDiffer(evidence: Evidence): Generator<Finding> {
  const { provider, ledger } = evidence;
  for (const id of new Set([...provider.keys(), ...ledger.keys()])) {
    if (!judged(evidence, id)) continue;
    const payments = provider.get(id) ?? [];
    const captured = payments.reduce((sum, payment) => sum + payment.captured, 0);
    const refunded = payments.reduce((sum, payment) => sum + payment.refunded, 0);
    const written = ledger.get(id);
    if (captured === (written?.captured ?? 0) && refunded === (written?.refunded ?? 0)) continue;
    yield {
      what: `payment ${id}: the provider captured ${captured} and refunded ${refunded}, the ledger says ${written?.captured ?? 0} and ${written?.refunded ?? 0}`,
      orderId: id,
      references: payments.map(({ reference }) => reference),
      remedy: `The provider is right: see what the payment service recorded with ${lookAt(id)}, and write the missing entries.`,
    };
  }
}

/** Provider and ledger agree payment by payment: what is left is what the orders say. */
function* sumsThatDiffer(evidence: Evidence): Generator<Finding> {
  for (const [currency, { provider, ledger, orders }] of sums(evidence)) {
    if (provider === orders && ledger === orders) continue;
    yield {
      what: `${currency}: the provider keeps ${provider}, the ledger says ${ledger}, the confirmed orders add up to ${orders} (minor units)`,
      remedy: 'The orders that I3 and I6 name make up the difference.',
    };
  }
}

function sums(evidence: Evidence): ReadonlyMap<string, Books> {
  const byCurrency = new Map<string, Books>();
  const add = (currency: string, book: keyof Books, amount: number): void => {
    const books = byCurrency.get(currency) ?? { provider: 0, ledger: 0, orders: 0 };
    books[book] += amount;
    byCurrency.set(currency, books);
  };
  for (const [id, payments] of evidence.provider) {
    if (!judged(evidence, id)) continue;
    for (const { currency, captured, refunded } of payments) add(currency, 'provider', captured - refunded);
  }
  for (const [id, { currency, captured, refunded }] of evidence.ledger) {
    if (judged(evidence, id)) add(currency, 'ledger', captured - refunded);
  }
  for (const { id, status, currency, total } of evidence.orders.values()) {
    if (status === 'CONFIRMED' && judged(evidence, id)) add(currency, 'orders', total);
  }
  return byCurrency;
}
