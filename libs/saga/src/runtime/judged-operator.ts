import { OptimisticLockError } from '@backstep/concurrency';
import type { Change, DecideContext, RequestHandler } from '@backstep/unit-of-work';
import { IllegalOperatorActionError } from '../decide/operate.js';
import {
  OperationKeyReusedError,
  SagaNotFoundError,
  type OperateAnswer,
  type OperateRequest,
  type SagaOperatorHandler,
} from './saga-operator.js';

type Inner = Pick<SagaOperatorHandler, 'needs' | 'decide'>;

/** What became of one of several requests. `refused` tells the two apart. */
export type OperateOutcome =
  { readonly refused?: undefined; readonly answer: OperateAnswer } | { readonly refused: Error };

/**
 * An operator's action that answers a refusal instead of throwing it. For many actions at once: they share a batch, which is one read and one
 * write of all their rows, and an error that one of them throws would make the batch run again in halves until that one stands alone.
 */
export class JudgedOperatorHandler implements RequestHandler<
  OperateRequest,
  OperateOutcome,
  ReturnType<Inner['needs']>
> {
  constructor(private readonly inner: Inner) {}

  needs(request: OperateRequest): ReturnType<Inner['needs']> {
    return this.inner.needs(request);
  }

  decide(
    request: OperateRequest,
    state: Parameters<Inner['decide']>[1],
    context: DecideContext,
  ): { answer: OperateOutcome; changes: Change[] } {
    try {
      const { answer, changes } = this.inner.decide(request, state, context);
      return { answer: { answer }, changes };
    } catch (error) {
      if (!isRefusal(error)) throw error;
      return { answer: { refused: error }, changes: [] };
    }
  }
}

const REFUSALS = [SagaNotFoundError, OperationKeyReusedError, IllegalOperatorActionError, OptimisticLockError];

const isRefusal = (error: unknown): error is Error => REFUSALS.some((refusal) => error instanceof refusal);
