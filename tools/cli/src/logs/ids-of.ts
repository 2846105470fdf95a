import { ProblemAnswer, type Api } from '../shared/api.js';
import { isWholeId } from '../shared/arguments.js';
import { CliError, EXIT, UnreachableError } from '../shared/exit-codes.js';
import { fullId } from '../shared/full-id.js';
import type { OrderMessage, OrderWithSaga, Saga } from '../shared/representations.js';

export interface About {
  readonly id: string;
  /** By which log lines about it are known: its own id, those of its sagas or of its order, and of the traces it was part of. */
  readonly words: readonly string[];
}

/**
 * What an order, or a saga, is known by. When nothing answers, a whole id is taken as it is.
 * @throws CliError when a short id is of neither
 */
export async function aboutId(api: Api, given: string): Promise<About> {
  const id = isWholeId(given) ? given : await fullIdOfEither(api, given);
  try {
    const order = await orElse(() => api.get<OrderWithSaga>(`/v1/orders/${id}`));
    if (order) return { id, words: [id, ...(order.sagas ?? []).map((saga) => saga.id), ...(await tracesOf(api, id))] };
    const saga = await orElse(() => api.get<Saga>(`/v1/sagas/${id}`));
    if (saga) return { id, words: [id, saga.orderId, ...(await tracesOf(api, saga.orderId))] };
  } catch (error) {
    if (!(error instanceof UnreachableError)) throw error;
  }
  return { id, words: [id] };
}

async function fullIdOfEither(api: Api, given: string): Promise<string> {
  try {
    return await fullId(api, 'order', given);
  } catch (error) {
    if (!(error instanceof CliError) || error.exitCode !== EXIT.notFound) throw error;
    return await fullId(api, 'saga', given);
  }
}

async function orElse<T>(ask: () => Promise<T>): Promise<T | undefined> {
  try {
    return await ask();
  } catch (error) {
    if (error instanceof ProblemAnswer && error.status === 404) return undefined;
    throw error;
  }
}

const TRACE = /^[0-9a-f]{2}-([0-9a-f]{32})-/;

/** The trace of the request that placed the order travels through all of its messages. Without Kafka, there is none to know it by. */
async function tracesOf(api: Api, orderId: string): Promise<readonly string[]> {
  try {
    const { items } = await api.get<{ items: readonly OrderMessage[] }>(`/v1/orders/${orderId}/events`);
    const traces = items.flatMap(({ headers }) => TRACE.exec(headers['traceparent'] ?? '')?.[1] ?? []);
    return [...new Set(traces)];
  } catch (error) {
    if (error instanceof CliError) return [];
    throw error;
  }
}
