import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Journal } from '../journal/journal.js';
import { KEY_RETENTION_MS, openLedger } from './open-ledger.js';
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
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'backstep-journal-'));
  path = join(folder, 'journal.jsonl');
});
afterEach(() => rm(folder, { recursive: true }));

const write = (records: readonly object[], tail = '') =>
  writeFile(path, records.map((record) => `${JSON.stringify(record)}\n`).join('') + tail);
const refuse = (error: unknown): void => {
  throw error;
};

describe('a journal', () => {
  it('that does not exist yet is an empty ledger', async () => {
    expect((await openLedger(path, NOW)).intents.size).toBe(0);
  });

  it('that ends in half a line loses that line, and the next line is whole', async () => {
    await write([intent('pi_1'), refund('re_1', 'pi_1', 40)], '{"kind":"intent","id":"pi_2"');
    const ledger = await openLedger(path, NOW);
    expect(ledger.intents.size).toBe(1);
    expect(ledger.totalsByCurrency().get('eur')).toEqual({ captured: 100, refunded: 40 });
    const journal = await Journal.open(path, refuse);
    journal.append(JSON.stringify(intent('pi_3')));
    await journal.durable();
    await journal.close();
    expect([...(await openLedger(path, NOW)).intents.oldestFirst()].map(({ id }) => id)).toEqual(['pi_1', 'pi_3']);
  });

  it('with a line that cannot be read is refused, naming the line', async () => {
    await writeFile(path, `${JSON.stringify(intent('pi_1'))}\nnonsense\n${JSON.stringify(intent('pi_2'))}\n`);
    await expect(openLedger(path, NOW)).rejects.toThrow(`line 2 of ${path} cannot be read`);
  });

  it('that gives back more than it took is refused', async () => {
    await write([intent('pi_1'), refund('re_1', 'pi_1', 101)]);
    await expect(openLedger(path, NOW)).rejects.toThrow('line 2');
  });

  it('is written anew without the keys of yesterday, but with all the money', async () => {
    const origin = { key: 'charge:1', fingerprint: 'f' };
    await write([
      intent('pi_old', { origin, createdAt: NOW - KEY_RETENTION_MS }),
      intent('pi_new', { origin: { ...origin, key: 'charge:2' }, createdAt: NOW - KEY_RETENTION_MS + 1 }),
      refund('re_1', 'pi_old', 30),
    ]);
    const ledger = await openLedger(path, NOW);
    expect(ledger.madeBy('charge:1')).toBeUndefined();
    expect(ledger.madeBy('charge:2')).toMatchObject({ id: 'pi_new' });
    const lines = (await readFile(path, 'utf8')).trim().split('\n');
    expect(lines).toHaveLength(3);
    expect(lines.join()).not.toContain('charge:1');
    expect((await openLedger(path, NOW)).totalsByCurrency()).toEqual(ledger.totalsByCurrency());
  });
});

describe('appending', () => {
  it('shares a write among all who come while the disk is busy, in their order', async () => {
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

  it('fails for all who wait, once and for ever, when the disk refuses', async () => {
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
