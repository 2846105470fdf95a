import { Controller, Inject, Res } from '@nestjs/common';
import type { ServiceName } from '@backstep/contracts';
import { loggable, Logger } from '@backstep/service';
import { ProblemError } from '@backstep/problems';
import type { FastifyReply } from 'fastify';
import { passReplayed } from '../api/idempotency.js';
import type { InputOf } from '../api/operation.js';
import { operatorHeadersOf } from '../api/operator.js';
import { Input, Route } from '../api/route.js';
import { type ParkedMessageView, toParkedMessage } from '../representations/parked-message.js';
import { withoutSecrets } from '../representations/without-secrets.js';
import { firstThatHas } from '../services/first-that-has.js';
import type { ServiceAnswer } from '../services/service-client.js';
import { Services } from '../services/services.js';
import { discardParked, ParkedOperation, ParkedOperationView, replayParked } from './settle-parked.js';

type Request = InputOf<typeof replayParked>;
type Action = ParkedOperation['action'];

@Controller()
export class SettleParkedController {
  constructor(
    @Inject(Services) private readonly services: Services,
    @Inject(Logger) private readonly logger: Logger,
  ) {}

  @Route(replayParked)
  replay(
    @Input(replayParked) request: Request,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<ParkedOperation> {
    return this.settle('replay', request, reply);
  }

  @Route(discardParked)
  discard(
    @Input(discardParked) request: Request,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<ParkedOperation> {
    return this.settle('discard', request, reply);
  }

  private settle(action: Action, request: Request, reply: FastifyReply): Promise<ParkedOperation> {
    const { params, query } = request;
    return firstThatHas(
      query.service,
      async (service) => {
        const answer = await this.settleAt(service, action, request);
        passReplayed(answer, reply);
        return shown(service, answer.body);
      },
      `No message ${params.messageId} is parked, or it was settled already.`,
    );
  }

  private async settleAt(
    service: ServiceName,
    action: Action,
    { params: { messageId }, query: { dryRun }, headers, body, context }: Request,
  ): Promise<ServiceAnswer<ParkedOperationView>> {
    const request = {
      answer: ParkedOperationView,
      method: 'POST',
      path: `/parked/${messageId}/${action}`,
      query: { dryRun },
      headers: operatorHeadersOf(headers),
      body,
    } as const;
    try {
      const answer = await this.services.named(service).request(context, request);
      const { state } = answer.body;
      if (dryRun !== 'true')
        this.logger.info('a parked message was settled', { ...loggable(context), messageId, service, state });
      return answer;
    } catch (error) {
      throw withPublicMessage(service, error);
    }
  }
}

function shown(service: ServiceName, view: ParkedOperationView): ParkedOperation {
  const { id, action, dryRun, state, message, wouldRelease, decision, failure } = view;
  const messages = decision?.messages.map((one) => ({ ...one, data: withoutSecrets(one.data) }));
  return {
    ...{ action, dryRun, id, service, state, message, wouldRelease },
    decision: decision && { ...decision, messages: messages ?? [] },
    failure,
  };
}

/** A refusal for a stale version carries the message as it is now, as the list shows it. */
function withPublicMessage(service: ServiceName, error: unknown): unknown {
  if (!(error instanceof ProblemError) || !error.extensions['current']) return error;
  const { problem, message: detail, extensions, headers } = error;
  const current = toParkedMessage(service, extensions['current'] as ParkedMessageView);
  return new ProblemError(problem, { detail, extensions: { ...extensions, current }, headers, cause: error });
}
