import {
  ChargePayment,
  PaymentRefunded,
  RefundPayment,
  ReleaseStock,
  ReserveStock,
  RestoreReservation,
  StockReleased,
} from '@backstep/contracts';
import type { Evidence, MessageFacts, SagaFacts } from '../evidence.js';
import { named, told, type Finding, type Invariant } from '../violation.js';
import { endedOtherwise } from './i09-terminal-is-terminal.js';

const COMPENSATIONS: ReadonlySet<string> = new Set([ReleaseStock.name, RefundPayment.name, RestoreReservation.name]);
/** The times of the done and of the undone steps. */
const MESSAGES = [ReserveStock.name, ChargePayment.name, ...COMPENSATIONS, StockReleased.name, PaymentRefunded.name];

/**
 * I7: compensations are the reverse of what ran, each at most once.
 *
 * A saga's journal has the times at which steps were done and undone, by the orchestrator's own clock. The answer of one compensation and the
 * next compensation are one decision, so their times are equal or in order. Kafka shows whether a compensation was sent under two command
 * ids, which would be two compensations; attempts under the same id are one. A saga whose end differs from its order's is I9's.
 */
export const compensationsReverseWhatRan: Invariant = {
  id: 'I7',
  title: 'compensations are the reverse of what ran, each once',
  *check(evidence) {
    for (const saga of [...evidence.sagas.values()].flat()) {
      if (endedOtherwise(evidence, saga)) continue;
      for (const what of journalFaults(saga)) {
        yield {
          what: `saga ${saga.id} is ${saga.status}, and ${what}`,
          orderId: saga.orderId,
          sagaId: saga.id,
          messages: told(evidence, saga.orderId, MESSAGES),
          remedy: `See its steps: \`npx backstep saga ${saga.id}\`; what was not undone must be undone by hand.`,
        };
      }
    }
    yield* askedTwice(evidence);
  },
};

function* journalFaults({ status, steps }: SagaFacts): Generator<string> {
  const goneBack = steps.filter(({ undo }) => undo !== undefined);
  if (status === 'COMPLETED' || status === 'RUNNING') {
    for (const { name } of goneBack) yield `${name} was undone on the way forward`;
  }
  if (status === 'COMPLETED') {
    for (const { name, state } of steps) if (state !== 'done' && state !== 'undone') yield `${name} is ${state}`;
  }
  if (status === 'COMPENSATED') {
    for (const { name, kind, state, armed } of steps) {
      if (armed || (kind === 'compensatable' && state === 'done')) yield `${name} is done and was not undone`;
      if (kind === 'pivot' && state === 'done') yield `${name} had decided that it completes`;
    }
  }
  for (const [at, { name, undo }] of goneBack.entries()) {
    const later = goneBack[at + 1];
    if (undo && later?.undo && (later.undo.answeredAt ?? Infinity) > undo.sentAt) {
      yield `${name} was undone before ${later.name}, which was done after it`;
    }
  }
}

function* askedTwice({ messages }: Evidence): Generator<Finding> {
  for (const [key, log] of messages) {
    const asked = new Map<string, MessageFacts>();
    const told = new Set<string>();
    for (const message of log) {
      const { type, sagaId, commandId } = message;
      if (!COMPENSATIONS.has(type) || sagaId === undefined) continue;
      const place = `${sagaId} ${type}`;
      const first = asked.get(place);
      if (!first) asked.set(place, message);
      if (!first || first.commandId === commandId || told.has(place)) continue;
      told.add(place);
      yield {
        what: `saga ${sagaId} asked for ${type} of order ${key} under two command ids`,
        orderId: key,
        sagaId,
        messages: [named(first), named(message)],
        remedy: `See which decision sent each: \`npx backstep events ${key}\`.`,
      };
    }
  }
}
