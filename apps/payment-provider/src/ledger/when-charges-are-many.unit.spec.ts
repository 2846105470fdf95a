import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { Journal } from '../journal/journal.js';
import { Ledger } from './ledger.js';
import { NumberTable } from './number-table.js';
import { recordId } from './record-ids.js';
import { KEY_RETENTION_MS, RecentKeys } from './recent-keys.js';
import type { IntentRecord, LedgerRecord } from './records.js';

/**
 * Goal: the provider's memory does not grow with what was ever charged, and it finds and lists all of it all the same.
 * Method: a journal with many records, and a count of what the process holds before and after.
 */
const NOW = Date.UTC(2026, 0, 2);
const HOUR_MS = 3_600_000;

let folder: string;
let path: string;
let journals: Journal[];
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'backstep-ledger-'));
  path = join(folder, 'journal.jsonl');
  journals = [];
});
afterEach(async () => {
  for (const journal of journals) await journal.close();
  await rm(folder, { recursive: true });
});

async function open(now = NOW) {
  const journal = await Journal.open(path, (error) => {
    throw error;
  });
  journals.push(journal);
  return { journal, ledger: await Ledger.open(journal, now) };
}

type Draft = Omit<IntentRecord, 'id'>;
const draft = (n: number, createdAt: number): Draft => ({
  kind: 'intent',
  charge: `ch_${n}`,
  amount: 100 + n,
  currency: 'eur',
  paymentMethod: 'pm_card_visa',
  metadata: { orderId: `order-${n}`, text: 'ü'.repeat(n % 7) },
  createdAt,
  origin: { key: `charge:${n}`, fingerprint: 'f' },
});

/** As the provider makes them. */
async function charged(count: number, createdAt = NOW): Promise<string[]> {
  const ids: string[] = [];
  let text = '';
  let offset = 0;
  for (let n = 0; n < count; n++) {
    const { kind, ...rest } = draft(n, createdAt);
    const id = recordId('pi', offset);
    const line = `${JSON.stringify({ kind, id, ...rest })}\n`;
    ids.push(id);
    text += line;
    offset += Buffer.byteLength(line);
  }
  await writeFile(path, text);
  return ids;
}

/** What cannot be freed. Buffers go with the second collection. */
async function bytesHeld(): Promise<number> {
  setFlagsFromString('--expose-gc');
  const collect = runInNewContext('gc') as () => void;
  for (let turn = 0; turn < 3; turn++) {
    collect();
    await new Promise((resolve) => setImmediate(resolve));
  }
  const { heapUsed, arrayBuffers } = process.memoryUsage();
  return heapUsed + arrayBuffers;
}

async function all<R>(records: AsyncIterable<R>): Promise<R[]> {
  const found: R[] = [];
  for await (const record of records) found.push(record);
  return found;
}

const COUNT = 30_000;

describe('what is in memory', () => {
  it('charges of more than a day ago take no memory', async () => {
    await charged(COUNT, NOW - KEY_RETENTION_MS);
    await open();
    const before = await bytesHeld();
    const { ledger } = await open();
    expect(((await bytesHeld()) - before) / COUNT).toBeLessThan(20);
    expect(ledger.totalsByCurrency().get('eur')?.captured).toBe(100 * COUNT + (COUNT * (COUNT - 1)) / 2);
  });

  it('charges of the last day take memory for the place of their idempotency keys only', async () => {
    await charged(COUNT);
    await open();
    const before = await bytesHeld();
    const { ledger } = await open();
    expect(((await bytesHeld()) - before) / COUNT).toBeLessThan(60);
    expect(await ledger.madeBy('charge:29999')).toMatchObject({ amount: 30_099 });
    expect(await ledger.madeBy('charge:30000')).toBeUndefined();
  });
});

describe('charges are found and listed', () => {
  it('charges are found by id and by order, and listed from either end and from any of them', async () => {
    const ids = await charged(3_000);
    const { ledger } = await open();
    const idOf = ({ id }: LedgerRecord): string => id;
    expect((await all(ledger.oldestFirst('intent'))).map(idOf)).toEqual(ids);
    expect((await all(ledger.newestFirst('intent'))).map(idOf)).toEqual(ids.toReversed());
    for (const at of [0, 1, 777, 2_999]) {
      const id = ids[at] ?? '';
      expect(await ledger.find('intent', id)).toMatchObject({ id, amount: 100 + at });
      expect(await ledger.find('refund', id)).toBeUndefined();
      expect((await all(ledger.oldestFirst('intent', id))).map(idOf)).toEqual(ids.slice(at + 1));
      expect((await all(ledger.newestFirst('intent', id))).map(idOf)).toEqual(ids.slice(0, at).toReversed());
    }
    expect(await all(ledger.oldestFirst('intent', undefined, 'order-77'))).toMatchObject([{ id: ids[77] }]);
  });

  it('an unknown charge is not found, whatever place its id names', async () => {
    const [id = ''] = await charged(10);
    const { ledger } = await open();
    for (const offset of [1, 5, 200, 1_000_000, 2 ** 48 - 1]) {
      expect(await ledger.find('intent', recordId('pi', offset))).toBeUndefined();
    }
    for (const other of [recordId('pi', 0), id.toUpperCase(), `${id}0`, '', 'pi_none']) {
      expect(await ledger.find('intent', other)).toBeUndefined();
    }
  });

  it('charges are found by the ids of an earlier version', async () => {
    const of = { ...draft(1, NOW), origin: undefined };
    const { kind, ...rest } = of;
    const old = ['pi_9f86d081884c7d659a2feaa0', 'pi_c55ad015a3bf4f1b2b0b822c'].map((id) => ({ kind, id, ...rest }));
    await writeFile(path, old.map((record) => `${JSON.stringify(record)}\n`).join(''));
    const { ledger } = await open();
    for (const { id } of old) expect(await ledger.find('intent', id)).toMatchObject({ id });
    expect(await all(ledger.oldestFirst('intent', old[0]?.id))).toMatchObject([{ id: old[1]?.id }]);
  });
});

describe('idempotency keys', () => {
  it('idempotency keys are known for a day, and for an hour more at most', () => {
    const keys = new RecentKeys();
    for (let hour = 0; hour < 72; hour++) {
      const now = NOW + hour * HOUR_MS + (hour % 60) * 60_000;
      keys.add(`charge:${hour}`, hour, now);
      keys.forget(now);
      for (let ago = 0; ago < 24 && ago <= hour; ago++)
        expect(keys.candidates(`charge:${hour - ago}`)).toEqual([hour - ago]);
      expect(keys.size).toBeLessThanOrEqual(26);
    }
  });

  it('idempotency keys are found in a table of any history', () => {
    fc.assert(
      fc.property(fc.array(fc.tuple(fc.nat({ max: 2_000 }), fc.nat()), { maxLength: 5_000 }), (entries) => {
        const table = new NumberTable();
        const expected = new Map<number, number[]>();
        for (const [number, value] of entries) {
          const key = number * 2 ** 33;
          table.add(key, value);
          expected.set(key, [...(expected.get(key) ?? []), value]);
        }
        for (const [key, values] of expected) expect(table.all(key).toSorted()).toEqual(values.toSorted());
        expect(table.all(1)).toEqual([]);
        expect(table.size).toBe(entries.length);
      }),
      { numRuns: 20 },
    );
  });
});
