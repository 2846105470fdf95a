import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Journal } from '../journal/journal.js';
import { Ledger } from './ledger.js';
import { KEY_RETENTION_MS } from './recent-keys.js';
import type { IntentRecord, RefundRecord } from './records.js';

/** Goal: the ledger after a crash is what was answered before it; half a line was never answered; a broken line is never skipped. */
const NOW = Date.UTC(2026, 0, 1);
const intent = (id: string, extra: Partial<IntentRecord> = {}): IntentRecord => ({
  kind: 'intent',
  id,
  charge: `ch_${id}`,
  amount: 100,
  currency: 'eur',
  paymentMethod: 'pm_card_visa',
  metadata: {},
  createdAt: NOW,
  ...extra,
});
const refund = (id: string, of: string, amount: number): RefundRecord => ({
  kind: 'refund',
  id,
  intent: of,
  charge: `ch_${of}`,
  amount,
  currency: 'eur',
  metadata: {},
  createdAt: NOW,
});

let folder: string;
let path: string;
let journals: Journal[];
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'backstep-journal-'));
  path = join(folder, 'journal.jsonl');
  journals = [];
});
afterEach(async () => {
  for (const journal of journals) await journal.close();
  await rm(folder, { recursive: true });
});

const write = (records: readonly object[], tail = '') =>
  writeFile(path, records.map((record) => `${JSON.stringify(record)}\n`).join('') + tail);
const refuse = (error: unknown): void => {
  throw error;
};

/** What a process has that starts now. */
async function opened(now = NOW) {
  const journal = await Journal.open(path, refuse);
  journals.push(journal);
  return { journal, ledger: await Ledger.open(journal, now) };
}
async function idsOf(records: AsyncIterable<{ readonly id: string }>): Promise<string[]> {
  const ids: string[] = [];
  for await (const { id } of records) ids.push(id);
  return ids;
}

describe('a journal', () => {
  it('a missing journal is an empty ledger', async () => {
    const { ledger } = await opened();
    expect(await idsOf(ledger.oldestFirst('intent'))).toEqual([]);
    expect(await idsOf(ledger.newestFirst('intent'))).toEqual([]);
  });

  it('a journal that ends in half a line loses that line, and the next line is whole', async () => {
    await write([intent('pi_1'), refund('re_1', 'pi_1', 40)], '{"kind":"intent","id":"pi_2"');
    const { journal, ledger } = await opened();
    expect(await idsOf(ledger.oldestFirst('intent'))).toEqual(['pi_1']);
    expect(ledger.totalsByCurrency().get('eur')).toEqual({ captured: 100, refunded: 40 });
    journal.append(JSON.stringify(intent('pi_3')));
    await journal.durable();
    expect(await idsOf((await opened()).ledger.oldestFirst('intent'))).toEqual(['pi_1', 'pi_3']);
  });

  it('a journal of half a line is an empty ledger', async () => {
    await write([], '{"kind":"intent"');
    expect((await opened()).journal.size).toBe(0);
  });

  it('a journal with an unreadable line is refused by the number of the line', async () => {
    await writeFile(path, `${JSON.stringify(intent('pi_1'))}\nnonsense\n${JSON.stringify(intent('pi_2'))}\n`);
    await expect(opened()).rejects.toThrow('line 2 of the journal cannot be read');
  });

  it('a journal that refunds more than it charged is refused', async () => {
    await write([intent('pi_1'), refund('re_1', 'pi_1', 101)]);
    await expect(opened()).rejects.toThrow('line 2');
  });

  it('a journal that charges twice with one key is refused', async () => {
    const origin = { key: 'charge:1', fingerprint: 'f' };
    await write([intent('pi_1', { origin }), intent('pi_2', { origin })]);
    await expect(opened()).rejects.toThrow('line 2');
  });

  it('a journal is kept whole, with the keys of today known and those of yesterday not', async () => {
    const origin = { key: 'charge:1', fingerprint: 'f' };
    await write([
      intent('pi_old', { origin, createdAt: NOW - KEY_RETENTION_MS }),
      intent('pi_new', { origin: { ...origin, key: 'charge:2' }, createdAt: NOW - KEY_RETENTION_MS + 1 }),
      refund('re_1', 'pi_old', 30),
    ]);
    const before = await readFile(path, 'utf8');
    const { ledger } = await opened();
    expect(await ledger.madeBy('charge:1')).toBeUndefined();
    expect(await ledger.madeBy('charge:2')).toMatchObject({ id: 'pi_new' });
    expect(ledger.totalsByCurrency().get('eur')).toEqual({ captured: 200, refunded: 30 });
    expect(await readFile(path, 'utf8')).toBe(before);
  });
});

describe('appending', () => {
  it('appends that come while the disk is busy share one write, in order', async () => {
    const journal = await Journal.open(path, refuse);
    await Promise.all(
      Array.from({ length: 200 }, (_, index) => {
        journal.append(`line ${index}`);
        return journal.durable();
      }),
    );
    await journal.close();
    expect((await readFile(path, 'utf8')).trim().split('\n')).toEqual(
      Array.from({ length: 200 }, (_, index) => `line ${index}`),
    );
  });

  it('a refused write fails all waiting appends and all later ones', async () => {
    const failures: unknown[] = [];
    const journal = await Journal.open(path, (error) => failures.push(error));
    journal.append('line');
    await journal.durable();
    await journal.close();
    journal.append('after the file was closed');
    await expect(journal.durable()).rejects.toThrow('the journal cannot be written');
    await expect(journal.durable()).rejects.toThrow('the journal cannot be written');
    expect(() => journal.append('more')).toThrow('the journal cannot be written');
    expect(failures).toHaveLength(1);
  });
});
