import { delay } from '@backstep/resilience';
import { onConnection } from '@backstep/unit-of-work';
import type pg from 'pg';
import type { Strategy } from './strategy.js';

const WORKERS = 2;
/** Of the rows that a worker takes at once. */
const BATCH_MAX = 200;
/** How long a worker that has found nothing waits before it looks again, milliseconds. */
const LOOK_EVERY_MS = 5;

const ENQUEUE = { name: 'enqueue', text: 'INSERT INTO waiting (sku) VALUES ($1) RETURNING seq' };
const CLAIM = {
  name: 'claim',
  text: `WITH next AS MATERIALIZED (SELECT seq FROM waiting ORDER BY seq LIMIT ${BATCH_MAX} FOR UPDATE SKIP LOCKED)
    DELETE FROM waiting WHERE seq IN (SELECT seq FROM next) RETURNING seq, sku`,
};
/** The keys come sorted, and the sessions' settings allow a nested loop only: two workers take rows in one order. */
const APPLY = {
  name: 'apply',
  text: `UPDATE stock SET on_hand = on_hand - taken.n, version = version + 1
    FROM unnest($1::text[], $2::int[]) AS taken (sku, n) WHERE stock.sku = taken.sku`,
};

/** What was enqueued and is not applied yet, by its place in the queue. Whoever comes first, client or worker, opens the entry. */
class Applied {
  private readonly entries = new Map<string, { readonly done: Promise<void>; readonly resolve: () => void }>();

  of(seq: string): { readonly done: Promise<void>; readonly resolve: () => void } {
    let entry = this.entries.get(seq);
    if (!entry) {
      let resolve: () => void = () => undefined;
      entry = { done: new Promise<void>((settle) => (resolve = settle)), resolve: () => resolve() };
      this.entries.set(seq, entry);
    }
    return entry;
  }

  forget(seq: string): void {
    this.entries.delete(seq);
  }
}

interface Claimed {
  readonly seq: string;
  readonly sku: string;
}

/** @returns what was claimed, applied and committed */
async function claimAndApply(client: pg.ClientBase): Promise<readonly Claimed[]> {
  await client.query('BEGIN');
  const { rows } = await client.query<Claimed>(CLAIM);
  const taken = new Map<string, number>();
  for (const { sku } of rows) taken.set(sku, (taken.get(sku) ?? 0) + 1);
  const skus = [...taken.keys()].sort();
  if (skus.length > 0) await client.query({ ...APPLY, values: [skus, skus.map((sku) => taken.get(sku))] });
  await client.query('COMMIT');
  return rows;
}

export const queue: Strategy = {
  about: `INSERT into a queue; ${WORKERS} workers apply up to ${BATCH_MAX} rows a commit (SKIP LOCKED); acknowledged once applied`,
  counts: 'stock',
  begin: ({ sessions, pools: [pool], tally, work }) => {
    if (!pool) throw new Error('the queue needs a pool');
    const applied = new Applied();
    let ended = false;
    const worker = async (): Promise<void> => {
      while (!ended) {
        const claimed = await onConnection(pool, claimAndApply);
        for (const { seq } of claimed) applied.of(seq).resolve();
        if (claimed.length === 0) await delay(LOOK_EVERY_MS);
      }
    };
    const workers = Array.from({ length: WORKERS }, worker);
    // A worker that fails must fail the cell, whose clients would wait for it for ever.
    const failed = Promise.all(workers).then(() => undefined);
    failed.catch(() => undefined);
    return {
      take: async (client, key) => {
        tally.attempts++;
        await work();
        const { rows } = await (sessions[client] as pg.Client).query<Claimed>({ ...ENQUEUE, values: [key] });
        const seq = rows[0]?.seq ?? '';
        await Promise.race([applied.of(seq).done, failed]);
        applied.forget(seq);
        return true;
      },
      end: async () => {
        ended = true;
        await failed;
      },
    };
  },
};
