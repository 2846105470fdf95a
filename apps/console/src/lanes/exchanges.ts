import type { Saga, SagaStep } from '../api/types.js';
import type { Folded } from './folded.js';

/** Which step of which saga a command was sent for, and in which direction. */
export interface Exchange {
  readonly sagaId: string;
  readonly step: string;
  readonly kind: SagaStep['kind'];
  readonly direction: 'forward' | 'undo';
  /** The step was answered with no. */
  readonly isRefused: boolean;
}

interface Sent extends Exchange {
  readonly sentAt: number;
}

/** A saga notes when it decided to send; the message says when it was written. On one machine they are a few ms apart. */
const APART_MAX_MS = 1_000;

/**
 * The exchange of each command, by its command id. A saga waits for one answer at a time, so its commands were sent in the order of its
 * exchanges: no message says its step, and none needs to. Where the orchestrator is away (no sagas), nothing is known.
 */
export function exchangesOf(commands: readonly Folded[], sagas: readonly Saga[]): ReadonlyMap<string, Exchange> {
  const found = new Map<string, Exchange>();
  for (const saga of sagas) {
    const sent = exchangesSent(saga);
    let next = 0;
    for (const [commandId, saidAt] of firstSendings(commands, saga.id)) {
      while (next < sent.length && (sent[next]?.sentAt ?? 0) < saidAt - APART_MAX_MS) next += 1;
      const exchange = sent[next];
      if (exchange === undefined || exchange.sentAt > saidAt + APART_MAX_MS) continue;
      found.set(commandId, exchange);
      next += 1;
    }
  }
  return found;
}

function exchangesSent({ id: sagaId, steps }: Saga): readonly Sent[] {
  const sent = steps.flatMap(({ name: step, kind, state, sentAt, undo }) => {
    const exchange = (direction: Exchange['direction'], at: string | null | undefined): readonly Sent[] =>
      at == null
        ? []
        : [
            {
              sagaId,
              step,
              kind,
              direction,
              isRefused: state === 'refused' && direction === 'forward',
              sentAt: Date.parse(at),
            },
          ];
    return [...exchange('forward', sentAt), ...exchange('undo', undo?.sentAt)];
  });
  // Stable: of two in one millisecond, the earlier step comes first.
  return sent.sort((a, b) => a.sentAt - b.sentAt);
}

/** A command that is sent again has the same command id, and another message id. */
function firstSendings(commands: readonly Folded[], sagaId: string): readonly (readonly [string, number])[] {
  const first = new Map<string, number>();
  for (const { message, saidAt } of commands) {
    const { ce_sagaid: saga, ce_commandid: id } = message.headers;
    if (saga === sagaId && id !== undefined && !(saidAt >= (first.get(id) ?? Infinity))) first.set(id, saidAt);
  }
  return [...first].sort(([, a], [, b]) => a - b);
}
