import { afterCommit, effect, type Change } from '@backstep/unit-of-work';
import type { SagaInstance, StuckSaga } from '../decide/instance.js';

/** A step that was answered, and how long that took. */
export interface AnsweredStep {
  /** The name of the saga, not of an instance. */
  readonly saga: string;
  readonly step: string;
  /** From the first attempt to the answer, milliseconds. */
  readonly tookMs: number;
}

/** A step of a saga has got its answer. */
export const StepAnswered = effect<AnsweredStep>('saga-step-answered');

/** A saga has become STUCK: only a late answer or an operator can move it. */
export const SagaStuck = effect<StuckSaga>('saga-stuck');

/** The effects of an instance that is written. @param before the instance until then; undefined when the saga begins */
export function sagaEffects(saga: SagaInstance, before: SagaInstance | undefined): Change[] {
  const effects: Change[] = [];
  for (const [at, { name, sentAt, answeredAt }] of saga.steps.entries()) {
    if (sentAt === undefined || answeredAt === undefined || answeredAt === before?.steps[at]?.answeredAt) continue;
    effects.push(afterCommit(StepAnswered, { saga: saga.name, step: name, tookMs: answeredAt - sentAt }));
  }
  if (saga.status === 'STUCK' && before?.status !== 'STUCK') effects.push(afterCommit(SagaStuck, saga));
  return effects;
}
