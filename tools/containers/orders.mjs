/** Orders of every kind through the gateway, as a client would place them: kept on record, tried again, waited for. */
import { randomUUID } from 'node:crypto';
import { setTimeout as wait } from 'node:timers/promises';

const order = (ends, sku, quantity, paymentMethod, country = 'DE') => ({
  ends,
  body: {
    items: [{ sku, quantity }],
    paymentMethod,
    shippingAddress: { name: 'Ada', line1: 'Unter den Linden 12', city: 'Berlin', postalCode: '10117', country },
  },
});

/** How each must end: its status, and why. */
export const KINDS = [
  order('CONFIRMED', 'teapot', 1, 'pm_card_visa'),
  order('REJECTED out_of_stock', 'globe-antique', 100, 'pm_card_visa'),
  order('REJECTED payment_declined', 'mug-blue', 1, 'pm_card_chargeDeclined'),
  order('REJECTED shipment_refused', 'mug-red', 1, 'pm_card_visa', 'AQ'),
  order('CONFIRMED', 'notebook', 1, 'pm_card_lostResponse'),
  order('CONFIRMED', 'pencil-set', 2, 'pm_card_flaky'),
];

const REQUEST_WITHIN_MS = 10_000;
const TAKEN_WITHIN_MS = 60_000;
const ENDS_WITHIN_MS = 120_000;
/** The shortest timeout of a step of place-order: who is away for longer has orders undone, which is as it must be. */
const STEP_TIMEOUT_MS = 10_000;
const LOOK_EVERY_MS = 200;

/**
 * Places `count` orders, `atOnce` at a time, and calls `placed(n)` after each.
 * @returns what was answered: the id of each, and how it must end
 */
export async function place(gateway, count, atOnce, placed = () => undefined) {
  const record = [];
  let next = 0;
  const client = async () => {
    while (next < count) {
      const kind = KINDS[next++ % KINDS.length];
      record.push({ id: await placeOne(gateway, kind.body), ends: kind.ends });
      placed(record.length);
    }
  };
  await Promise.all(Array.from({ length: atOnce }, client));
  return record;
}

async function placeOne(gateway, body) {
  const key = randomUUID();
  const request = {
    method: 'POST',
    headers: { 'content-type': 'application/json', 'idempotency-key': key },
    body: JSON.stringify(body),
  };
  // The same key each time: whether the first request arrived is not known, and does not matter.
  const answer = await insist(TAKEN_WITHIN_MS, 'an order was not taken', async () => {
    const response = await fetch(`${gateway}/v1/orders`, {
      ...request,
      signal: AbortSignal.timeout(REQUEST_WITHIN_MS),
    });
    const text = await response.text();
    if (response.status !== 202) throw new Error(`${response.status}: ${text}`);
    return JSON.parse(text);
  });
  return answer.id;
}

/**
 * Waits for the end of each and compares it.
 * @param awayMs how long a service was away meanwhile
 * @returns how many were undone because a service did not answer in time
 * @throws Error naming the first that ended otherwise, or not at all
 */
export async function settle(gateway, record, awayMs = 0) {
  let timedOut = 0;
  for (const { id, ends } of record) {
    const ended = await insist(ENDS_WITHIN_MS, `order ${id} has not ended`, async () => {
      const response = await fetch(`${gateway}/v1/orders/${id}`, { signal: AbortSignal.timeout(REQUEST_WITHIN_MS) });
      const { status, failure } = await response.json();
      if (status !== 'CONFIRMED' && status !== 'REJECTED') throw new Error(`it is ${status ?? response.status}`);
      return failure ? `${status} ${failure.code}` : status;
    });
    if (ended === ends) continue;
    if (awayMs < STEP_TIMEOUT_MS || ended !== 'REJECTED timed_out')
      throw new Error(`order ${id} ended ${ended}, not ${ends}`);
    timedOut++;
  }
  return timedOut;
}

async function insist(withinMs, what, attempt) {
  const until = Date.now() + withinMs;
  for (;;) {
    try {
      return await attempt();
    } catch (error) {
      if (Date.now() > until)
        throw new Error(`${what} within ${withinMs / 1000} s: ${error.message}`, { cause: error });
    }
    await wait(LOOK_EVERY_MS);
  }
}
