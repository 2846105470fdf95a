import { percentile } from '../measure/percentiles.js';
import { atRate } from './at-rate.js';
import type { Part } from './bench.js';
import { get } from './get.js';
import { figure, type Row } from './rows.js';

const REQUESTS = 200;
/** As long as another phase, so many times: a system within the budget has answered all of them by then. */
const TIMES = 3;
const PAGE = 100;
const PER_SECOND = 50;
const P95_MAX_MS = 150;

interface OrderPage {
  readonly items: readonly { readonly id: string }[];
  readonly nextCursor: string | null;
}

interface Evidence {
  readonly missing: readonly { readonly source: string; readonly what: string }[];
}

/** All of an order, from five services and Kafka: asked for one after another, of another order each time. */
export const evidence: Part = {
  about: `GET /v1/orders/{id}/evidence, ${REQUESTS} or fewer one after another, idle and at ${PER_SECOND} orders/s`,
  inBrowser: [],
  async measure({ started, seconds, signal }) {
    const ids = await newestOrders(started.system.gatewayUrl, signal);
    const ask = (): Promise<Asked> => askAll(started.system.gatewayUrl, ids, seconds * TIMES, signal);
    const idle = await ask();
    const { measured, rate } = await atRate(started, PER_SECOND, signal, ask);
    return [
      ...rowsOf('evidence of an order, idle', idle, undefined, ''),
      ...rowsOf(
        `evidence of an order, at ${PER_SECOND} orders/s`,
        measured,
        rate.tooFew,
        `, ${rate.perSecond.toFixed(0)} orders/s`,
      ),
    ];
  },
};

interface Asked {
  readonly ms: readonly number[];
  /** What the first incomplete answer lacked. */
  readonly missing: string | undefined;
}

async function askAll(
  gatewayUrl: string,
  ids: readonly string[],
  withinSeconds: number,
  signal: AbortSignal,
): Promise<Asked> {
  const until = performance.now() + withinSeconds * 1_000;
  const ms: number[] = [];
  let missing: string | undefined;
  for (const id of ids) {
    if (performance.now() > until) break;
    const answer = await get<Evidence>(new URL(`/v1/orders/${id}/evidence`, gatewayUrl), signal);
    ms.push(answer.ms);
    const [lacks] = answer.body.missing;
    if (lacks) missing ??= `${lacks.source} (${lacks.what})`;
  }
  return { ms, missing };
}

/** An answer that lacks a service's part is sooner there, and is another answer. */
function rowsOf(what: string, { ms, missing }: Asked, tooFew: string | undefined, meanwhile: string): readonly Row[] {
  const unusable = missing === undefined ? tooFew : `an answer lacked ${missing}`;
  const row = (name: string, share: number, limit: number | null): Row => ({
    what: `${what}, ${name}`,
    limit,
    unit: ' ms',
    measured: unusable === undefined ? figure(percentile(ms, share)) : null,
    how: unusable ?? `${ms.length} requests${meanwhile}`,
  });
  return [row('p50', 0.5, null), row('p95', 0.95, P95_MAX_MS)];
}

async function newestOrders(gatewayUrl: string, signal: AbortSignal): Promise<readonly string[]> {
  const ids: string[] = [];
  for (let cursor: string | null = ''; cursor !== null && ids.length < REQUESTS;) {
    const url = new URL(`/v1/orders?limit=${PAGE}`, gatewayUrl);
    if (cursor !== '') url.searchParams.set('cursor', cursor);
    const { body }: { readonly body: OrderPage } = await get<OrderPage>(url, signal);
    ids.push(...body.items.map(({ id }) => id));
    cursor = body.nextCursor;
  }
  return ids.slice(0, REQUESTS);
}
