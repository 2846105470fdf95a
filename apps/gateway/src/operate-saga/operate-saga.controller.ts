import { Controller, Inject, Res } from '@nestjs/common';
import { type SagaAction, SagaView } from '@backstep/contracts/http';
import { ProblemError } from '@backstep/problems';
import type { FastifyReply } from 'fastify';
import type { z } from 'zod';
import { type InputOf } from '../api/operation.js';
import { Input, Route } from '../api/route.js';
import { toSaga } from '../representations/saga.js';
import { Services } from '../services/services.js';
import { abandonSaga, compensateSaga, retrySaga, SagaOperation, skipSaga } from './operate-saga.js';

type Request = InputOf<typeof retrySaga>;
/** As the orchestrator answers it. */
export const OperationView = SagaOperation.extend({ saga: SagaView });

@Controller()
export class OperateSagaController {
  constructor(@Inject(Services) private readonly services: Services) {}

  @Route(retrySaga)
  retry(@Input(retrySaga) request: Request, @Res({ passthrough: true }) reply: FastifyReply): Promise<SagaOperation> {
    return this.operate('retry', request, reply);
  }

  @Route(skipSaga)
  skip(@Input(skipSaga) request: Request, @Res({ passthrough: true }) reply: FastifyReply): Promise<SagaOperation> {
    return this.operate('skip', request, reply);
  }

  @Route(compensateSaga)
  compensate(
    @Input(compensateSaga) request: Request,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<SagaOperation> {
    return this.operate('compensate', request, reply);
  }

  @Route(abandonSaga)
  abandon(
    @Input(abandonSaga) request: Request,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<SagaOperation> {
    return this.operate('abandon', request, reply);
  }

  private async operate(
    action: SagaAction,
    { params: { sagaId }, query, headers, body, context }: Request,
    reply: FastifyReply,
  ): Promise<SagaOperation> {
    const asked = this.services.orchestrator.request(context, {
      answer: OperationView,
      method: 'POST',
      path: `/sagas/${sagaId}/${action}`,
      query,
      headers: {
        'if-match': headers['If-Match'],
        'x-operator': headers['X-Operator'],
        'idempotency-key': headers['Idempotency-Key'],
      },
      body,
    });
    const answer = await asked.catch((error: unknown) => {
      throw withPublicSaga(error);
    });
    for (const name of ['etag', 'idempotency-replayed']) {
      const value = answer.header(name);
      if (value !== undefined) void reply.header(name, value);
    }
    return toOperation(answer.body);
  }
}

export const toOperation = ({
  action,
  dryRun,
  transition,
  commands,
  saga,
}: z.infer<typeof OperationView>): SagaOperation => ({ action, dryRun, transition, commands, saga: toSaga(saga) });

/** A refusal for a stale version carries the current saga, as the orchestrator answers it. */
function withPublicSaga(error: unknown): unknown {
  if (!(error instanceof ProblemError) || error.extensions['current'] === undefined) return error;
  const { problem, message: detail, extensions, headers } = error;
  const current = toSaga(extensions['current'] as SagaView);
  return new ProblemError(problem, { detail, extensions: { ...extensions, current }, headers, cause: error });
}
