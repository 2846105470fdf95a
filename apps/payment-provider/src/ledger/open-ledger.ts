import { readLines, rewrite } from '../journal/journal.js';
import { Ledger } from './ledger.js';
import type { LedgerRecord } from './records.js';

/** Stripe forgets idempotency keys after a day; so does the ledger, at its next start. */
export const KEY_RETENTION_MS = 24 * 60 * 60 * 1000;

/**
 * Builds the ledger from its journal, and writes the journal anew when it holds what is no longer needed: expired idempotency keys,
 * or a line that a crash cut off. Without that rewrite, the next line would be glued to the half one.
 * @throws Error naming the line that cannot be read: the ledger is money, so nothing is skipped.
 */
export async function openLedger(path: string, now: number): Promise<Ledger> {
  const ledger = new Ledger();
  let expired = 0;
  const { torn } = await readLines(path, (line, number) => {
    try {
      const record = JSON.parse(line) as LedgerRecord;
      const current = withoutExpiredKey(record, now);
      if (current !== record) expired += 1;
      ledger.add(current);
    } catch (cause) {
      throw new Error(`line ${number} of ${path} cannot be read`, { cause });
    }
  });
  if (torn || expired > 0) await rewrite(path, linesOf(ledger));
  return ledger;
}

function withoutExpiredKey(record: LedgerRecord, now: number): LedgerRecord {
  if (!record.origin || now - record.createdAt < KEY_RETENTION_MS) return record;
  return { ...record, origin: undefined };
}

/** Intents first: a refund is read after the intent it belongs to. */
function* linesOf(ledger: Ledger): Generator<string> {
  for (const record of ledger.intents.oldestFirst()) yield JSON.stringify(record);
  for (const record of ledger.refunds.oldestFirst()) yield JSON.stringify(record);
}
