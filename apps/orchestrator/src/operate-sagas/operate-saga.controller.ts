import { Body, Controller, Headers, HttpCode, Inject, Param, Post, Query, Res } from '@nestjs/common';
import { OptimisticLockError } from '@backstep/concurrency';
import { freeText, IdempotencyKey } from '@backstep/messages';
import { check, entityTag, ProblemError, PROBLEMS, versionOf, zod } from '@backstep/problems';
import { Context, loggable, Logger, type RequestContext } from '@backstep/service';
import {
  IllegalOperatorActionError,
  OperationKeyReusedError,
  OPERATOR_ACTIONS,
  PostgresSagaStore,
  SagaNotFoundError,
  SagaOperatorHandler,
  type OperateAnswer,
  type OperateRequest,
} from '@backstep/saga';
import { UnitOfWork } from '@backstep/unit-of-work';
import type { FastifyReply } from 'fastify';
import { z } from 'zod';
import { sagaView } from '../read-sagas/saga.view.js';
import { SAGAS } from '../sagas.js';

const Action = z.enum(OPERATOR_ACTIONS);
const DryRun = z.strictObject({ dryRun: z.enum(['true', 'false']).default('false') });
const Why = z.strictObject({ reason: freeText(500) });
const Operator = freeText(100);

/** What an operator does to a saga. Every action says who and why, and which version of the saga it is meant for. */
@Controller('sagas')
export class OperateSagaController {
  private readonly handler = new SagaOperatorHandler(SAGAS);

  constructor(
    @Inject(UnitOfWork) private readonly unitOfWork: UnitOfWork,
    @Inject(PostgresSagaStore) private readonly store: PostgresSagaStore,
    @Inject(Logger) private readonly logger: Logger,
  ) {}

  @Post(':id/:action')
  @HttpCode(200)
  async operate(
    @Param('id', zod(z.uuid())) sagaId: string,
    @Param('action', zod(Action)) action: z.output<typeof Action>,
    @Query(zod(DryRun)) { dryRun }: z.output<typeof DryRun>,
    @Body(zod(Why)) { reason }: z.output<typeof Why>,
    @Headers() headers: Readonly<Record<string, string | undefined>>,
    @Context() context: RequestContext,
    @Res({ passthrough: true }) reply: FastifyReply,
  ) {
    const by = check(Operator, headers['x-operator'], 'header', 'X-Operator');
    const key = check(IdempotencyKey.optional(), headers['idempotency-key'], 'header', 'Idempotency-Key');
    const expectedVersion = versionOf(headers['if-match']);
    if (expectedVersion === undefined) throw new ProblemError(PROBLEMS.preconditionRequired);
    const request = { sagaId, action, by, reason, expectedVersion, dryRun: dryRun === 'true' };
    const answer = await this.ask({ ...request, ...(key !== undefined && { key }) });
    if (answer.replayed) void reply.header('idempotency-replayed', 'true');
    void reply.header('etag', entityTag((request.dryRun ? answer.before : answer.after).version));
    if (!request.dryRun && !answer.replayed) {
      const { status: from, subject: orderId } = answer.before.instance;
      this.logger.warn('an operator acted on a saga', {
        ...loggable(context),
        ...{ sagaId, orderId, action, by, reason, from },
        to: answer.after.instance.status,
      });
    }
    return {
      action,
      dryRun: request.dryRun,
      transition: { from: answer.before.instance.status, to: answer.after.instance.status },
      commands: answer.commands,
      saga: sagaView(answer.after),
    };
  }

  private async ask(request: OperateRequest): Promise<OperateAnswer> {
    try {
      return await this.unitOfWork.request(this.handler, request);
    } catch (error) {
      throw await this.asProblem(error, request.sagaId);
    }
  }

  private async asProblem(error: unknown, sagaId: string): Promise<unknown> {
    if (error instanceof SagaNotFoundError)
      return new ProblemError(PROBLEMS.notFound, { detail: `There is no saga ${sagaId}.` });
    if (error instanceof OperationKeyReusedError)
      return new ProblemError(PROBLEMS.idempotencyKeyReused, { detail: error.message });
    if (error instanceof IllegalOperatorActionError) {
      const { action, status: state, legal } = error;
      return new ProblemError(PROBLEMS.conflict, {
        detail: `${error.message}. ${legal.length > 0 ? `Legal now: ${legal.join(', ')}.` : 'Nothing can be done to it any more.'}`,
        extensions: { action, state, legalActions: legal },
        cause: error,
      });
    }
    if (!(error instanceof OptimisticLockError)) return error;
    const current = await this.store.load(sagaId);
    if (!current) return new ProblemError(PROBLEMS.notFound, { detail: `There is no saga ${sagaId}.` });
    return new ProblemError(PROBLEMS.preconditionFailed, {
      detail: `You have seen version ${error.expectedVersion}; it is at version ${current.version}.`,
      extensions: { current: sagaView(current) },
      headers: { etag: entityTag(current.version) },
      cause: error,
    });
  }
}
