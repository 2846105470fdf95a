import type { OperatedMessage, ParkedAction, ParkedMessage, ParkedOutcome, StoredOperation } from '@backstep/inbox';
import type { Decided, ParkedTarget, Settled, SettledByOperator, SettledDry } from '@backstep/unit-of-work';

/** What became of a parked message, or would. */
export interface SettledView {
  readonly id: string;
  readonly action: ParkedAction;
  readonly dryRun: boolean;
  readonly state: ParkedOutcome;
  /** What it was. */
  readonly message: OperatedMessage;
  readonly wouldRelease: readonly ReleasedView[];
  readonly decision: Decided | null;
  readonly failure: SettledDry['failure'] | null;
}

type ReleasedView = Pick<ParkedMessage, 'id' | 'type' | 'topic' | 'partition' | 'offset'>;

export function settledView({ id, action }: ParkedTarget, settled: SettledByOperator | SettledDry): SettledView {
  const isDry = !('replayed' in settled);
  return {
    id,
    action,
    dryRun: isDry,
    state: settled.state,
    message: settled.message,
    wouldRelease: releasedView(settled),
    decision: (isDry && settled.decision) || null,
    failure: (isDry && settled.failure) || null,
  };
}

const releasedView = ({ released }: Settled): ReleasedView[] =>
  released.map(({ id, type, topic, partition, offset }) => ({ id, type, topic, partition, offset }));

/** An operation as it is listed, without its idempotency key, which is its client's alone. */
export const operationView = ({ id, at, by, action, reason, outcome, requestId, message }: StoredOperation) => ({
  ...{ id, at, by, action, reason, message },
  from: 'poisoned' as const,
  to: outcome,
  requestId: requestId ?? null,
});
