import { TIMED_OUT } from '../definition/failure.js';
import type { SagaDefinition } from '../definition/saga.js';
import { attemptsSpent, exchangeOf, retryCommand } from './send-command.js';
import { mayCompensate, startCompensation } from './backward.js';
import {
  ignored,
  moved,
  timersOf,
  type DecideContext,
  type Decision,
  type Moved,
  type TimerInput,
} from './decision.js';
import { coreOf, failureOf, hasEnded, isWaiting, type SagaInstance, type WaitingSaga } from './instance.js';

/**
 * A timer counts if it is the instance's current one and is due. A later attempt is due later than an earlier one (it waits at least a
 * millisecond from a moment when the earlier one was due), so `dueAt` tells them apart.
 */
export function onTimer(
  definition: SagaDefinition,
  saga: SagaInstance,
  { name, dueAt }: TimerInput,
  context: DecideContext,
): Decision {
  if (hasEnded(saga)) return ignored(saga, 'ended');
  if (!isWaiting(saga) || timersOf(saga)[name] !== dueAt) return ignored(saga, 'stale_timer');
  if (context.now < dueAt) return ignored(saga, 'not_due');
  return name === 'step' ? onSilence(definition, saga, context) : onDeadline(definition, saga, context);
}

/** The awaited answer is overdue. While attempts are left, the command is sent again; else the saga turns back if it can, or is STUCK. */
function onSilence(definition: SagaDefinition, saga: WaitingSaga, context: DecideContext): Moved {
  const { step } = saga.awaiting;
  if (attemptsSpent(saga.awaiting) < exchangeOf(definition, saga.awaiting).retry.attempts)
    return retryCommand(definition, saga, context);
  if (mayCompensate(saga)) return giveUp(definition, saga, `${step} did not answer in time`, context);
  return park(definition, saga, context);
}

/** The deadline has passed. The saga turns back if it can; else the time is only recorded, since a decided saga is finished however late. */
function onDeadline(definition: SagaDefinition, saga: WaitingSaga, context: DecideContext): Moved {
  if (mayCompensate(saga)) {
    return giveUp(definition, saga, `not done by its deadline, waiting for ${saga.awaiting.step}`, context);
  }
  return moved({ ...saga, updatedAt: context.now, deadlinePassedAt: context.now });
}

/** Turns back without an answer. The awaited step may have happened: it stays armed, and is the first to be undone. */
function giveUp(definition: SagaDefinition, saga: WaitingSaga, message: string, context: DecideContext): Moved {
  return startCompensation(definition, coreOf(saga, context.now), { code: TIMED_OUT, message }, context);
}

/** No answer came, and none may be assumed: the saga waits for a late answer or for an operator, and sends nothing more. */
function park(definition: SagaDefinition, saga: WaitingSaga, context: DecideContext): Moved {
  const { step, direction, commandId, attempts } = saga.awaiting;
  const failure = failureOf(saga);
  const { send } = exchangeOf(definition, saga.awaiting);
  return moved({
    ...coreOf(saga, context.now),
    status: 'STUCK',
    awaiting: { step, direction, commandId, attempts },
    stuckSince: context.now,
    stuckBecause: `${send.name} was sent ${attempts} times and never answered`,
    ...(failure && { failure }),
  });
}
