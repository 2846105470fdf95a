import { Controller, Inject, Res } from '@nestjs/common';
import { ProblemError } from '@backstep/problems';
import type { FastifyReply } from 'fastify';
import { type InputOf } from '../api/operation.js';
import { Input, Route } from '../api/route.js';
import { type SagaAction, type ServiceSaga, toSaga } from '../representations/saga.js';
import { Services } from '../services/services.js';
import { abandonSaga, compensateSaga, retrySaga, type SagaOperation, skipSaga } from './operate-saga.js';

type Request = InputOf<typeof retrySaga>;
type Answer = Omit<SagaOperation, 'saga'> & { readonly saga: ServiceSaga };

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
    const asked = this.services.orchestrator.request<Answer>(context, {
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
    const { dryRun, transition, commands, saga } = answer.body;
    return { action, dryRun, transition, commands, saga: toSaga(saga) };
  }
}

/** A refusal for a stale version brings the present saga along, as the orchestrator tells it. */
function withPublicSaga(error: unknown): unknown {
  if (!(error instanceof ProblemError) || error.extensions['current'] === undefined) return error;
  const { problem, message: detail, extensions, headers } = error;
  const current = toSaga(extensions['current'] as ServiceSaga);
  return new ProblemError(problem, { detail, extensions: { ...extensions, current }, headers, cause: error });
}
