import { setTimeout as delay } from 'node:timers/promises';
import type { Api } from '../shared/api.js';
import { UnreachableError } from '../shared/exit-codes.js';
import type { OrderMessage } from '../shared/representations.js';
import { serverSentEvents } from './server-sent-events.js';

const RECONNECT_AFTER_MS = 1_000;
/** Consecutive connections without an event, after which it is an error instead of another attempt. */
const FRUITLESS_MAX = 30;

/**
 * An order's messages from the first one on, live, until the signal aborts. A stream that breaks off is resumed where it was,
 * so no message is missed or told twice. When Kafka has lost its log, `onReset` is called, and the messages begin again.
 * @throws ProblemAnswer, UnreachableError when the gateway stays away
 */
export async function* followOrder(
  api: Api,
  orderId: string,
  signal: AbortSignal,
  onReset: () => void = () => undefined,
): AsyncGenerator<OrderMessage, void, void> {
  let last = '';
  let begun = false;
  for (let fruitless = 0; !signal.aborted; fruitless += 1) {
    const headers = { accept: 'text/event-stream', ...(last === '' ? {} : { 'last-event-id': last }) };
    try {
      const chunks = api.stream(`/v1/orders/${orderId}/events`, headers, signal);
      for await (const { event, id, data } of serverSentEvents(chunks)) {
        fruitless = 0;
        begun = true;
        last = id ?? last;
        if (event === 'message') yield JSON.parse(data) as OrderMessage;
        else if (event === 'reset') onReset();
      }
    } catch (error) {
      if (signal.aborted) return;
      const brokeOff = begun && (error instanceof UnreachableError || error instanceof TypeError);
      if (!brokeOff || fruitless >= FRUITLESS_MAX) throw error;
    }
    await delay(RECONNECT_AFTER_MS, undefined, { signal }).catch((error: unknown) => {
      if (!signal.aborted) throw error;
    });
  }
}
