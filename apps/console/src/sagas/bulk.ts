import type { OperatedSaga, SagaAction, SagaOperation, SagaSummary } from '../api/types.js';
import { tagOf } from './repair.js';

/** Sagas of one request. */
export const TARGETS_MAX = 100;

interface Target {
  readonly id: string;
  readonly version: number;
}

/** What is asked of several sagas: each on the version that was seen of it. */
export const bulkBody = (action: SagaAction, sagas: readonly Target[], reason: string) => ({
  action,
  reason: reason.trim(),
  targets: sagas.map(({ id, version }) => ({ sagaId: id, ifMatch: tagOf(version) })),
});

/** Those of a dry run that the action may be asked of: what was refused then is left out, and the others keep the version that was seen. */
export const askable = (sagas: readonly SagaSummary[], dryRun: readonly OperatedSaga[]): readonly SagaSummary[] => {
  const refused = new Set(dryRun.filter(({ operation }) => operation === null).map(({ sagaId }) => sagaId));
  return sagas.filter(({ id }) => !refused.has(id));
};

/** What became of one, or would. */
export function outcomeText({ status, replayed, operation, problem }: OperatedSaga): string {
  if (!operation) return `${status}: ${problem?.detail ?? problem?.title ?? 'refused'}`;
  if (replayed) return 'done before, by this very request';
  return movedText(operation);
}

/** `STUCK → COMPENSATING, RefundPayment to payment.commands`. */
function movedText({ transition: { from, to }, commands }: SagaOperation): string {
  const sent = commands.map(({ type, topic }) => `${type} to ${topic}`).join(', ');
  return `${from} → ${to}, ${sent === '' ? 'nothing sent' : sent}`;
}
