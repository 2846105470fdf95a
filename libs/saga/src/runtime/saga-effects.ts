import { afterCommit, effect, type Change } from '@backstep/unit-of-work';
import type { SagaInstance, StuckSaga } from '../decide/instance.js';

export interface AnsweredStep {
  /** The saga's name, and the step's. */
  readonly saga: string;
  readonly step: string;
  /** From the first attempt to the answer, milliseconds. */
  readonly tookMs: number;
}

/** A step of a saga has got the answer that it waited for. */
export const StepAnswered = effect<AnsweredStep>('saga-step-answered');

/** A saga has come to where only an operator can move it. */
export const SagaStuck = effect<StuckSaga>('saga-stuck');

/** What follows when an instance is written. @param before as it was until then; undefined: it begins */
export function sagaEffects(saga: SagaInstance, before: SagaInstance | undefined): Change[] {
  const effects: Change[] = [];
  for (const [at, { name, sentAt, answeredAt }] of saga.steps.entries()) {
    if (sentAt === undefined || answeredAt === undefined || answeredAt === before?.steps[at]?.answeredAt) continue;
    effects.push(afterCommit(StepAnswered, { saga: saga.name, step: name, tookMs: answeredAt - sentAt }));
  }
  if (saga.status === 'STUCK' && before?.status !== 'STUCK') effects.push(afterCommit(SagaStuck, saga));
  return effects;
}
