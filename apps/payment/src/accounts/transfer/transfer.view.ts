import type { TransferView } from '@backstep/contracts/http';
import type { Entry } from '@backstep/lanes';
import type { Transfer } from './transfer.entity.js';
import type { TransferOrder } from './transfer-money.handler.js';

export const transferView = (transfer: Omit<Transfer, 'version'>): TransferView => {
  const { id, from, to, amount, currency, reference, status, reason, settledAt } = transfer;
  return { id, from, to, amount, currency, reference, status, reason, settledAt: new Date(settledAt).toISOString() };
};

/** A transfer that is in the lane, or was. One that its handler has decided, also as REJECTED, is an entry that is APPLIED. */
export function queuedView(entry: Entry<TransferView>): TransferView {
  if (entry.state === 'APPLIED') return entry.answer;
  const order = entry.input as TransferOrder;
  return entry.state === 'QUEUED'
    ? { ...order, status: 'QUEUED', reason: null, settledAt: null }
    : { ...order, status: 'REJECTED', reason: 'not_applied', settledAt: entry.settledAt.toISOString() };
}
