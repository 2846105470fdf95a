import { newId } from '@backstep/messages';
import type { ServiceName } from '@backstep/contracts';
import { examine } from '../examine.js';
import { soundEvidence, type Broken } from './sound-evidence.js';
import type { Violation } from '../violation.js';

/** @returns the id of an order that nothing has happened to yet */
export function pendingOrder(evidence: Broken, createdAt: number): string {
  const id = newId();
  const order = { id, status: 'PENDING', currency: 'EUR', total: 1, items: [], createdAt };
  evidence.orders = new Map(evidence.orders).set(id, order);
  evidence.idempotencyKeys = [...evidence.idempotencyKeys, { key: 'k', orderId: id, total: 1, createdAt }];
  return id;
}

/** As if the service had never handled the message. */
export const forget = (evidence: Broken, service: ServiceName, messageId: string): void => {
  const kept = [...(evidence.inboxes.get(service) ?? [])].filter((id) => id !== messageId);
  evidence.inboxes = new Map(evidence.inboxes).set(service, new Set(kept));
};

/** What the doctor finds in a sound system of which one thing is broken. */
export function violationsOf(breakIt: (evidence: Broken) => void): Violation[] {
  const evidence = soundEvidence();
  breakIt(evidence);
  return examine(evidence).flatMap(({ violations }) => [...violations]);
}
