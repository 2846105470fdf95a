import { Controller, Inject } from '@nestjs/common';
import { SERVICES, type ServiceName } from '@backstep/contracts';
import { loggable, Logger, type RequestContext } from '@backstep/service';
import { ProblemError, PROBLEMS } from '@backstep/problems';
import { z } from 'zod';
import { type InputOf, operation } from '../api/operation.js';
import { Input, Route } from '../api/route.js';
import { PATHS } from '../paths.js';
import { Service } from '../representations/parked-message.js';
import { Services } from '../services/services.js';

const Settled = z
  .object({ id: z.uuid(), service: Service, state: z.enum(['handled', 'discarded']) })
  .meta({ id: 'SettledMessage', description: 'What became of a parked message' });
type Settled = z.infer<typeof Settled>;
const SettledThere = Settled.omit({ service: true });
type SettleAction = 'replay' | 'discard';

const params = { messageId: z.uuid() };
const query = {
  service: Service.optional().meta({
    description:
      'Where it is parked, as the list tells. Left out, the services are asked in turn, and the first that has it acts.',
  }),
};

export const replayParked = operation({
  id: 'replayParked',
  operator: true,
  method: 'POST',
  path: PATHS.replay,
  tag: 'Parked messages',
  summary: 'Handle a parked message again',
  description:
    'When it is handled now, those that waited behind it follow. When it fails again it stays parked. One that is cut, or waits itself, is refused.',
  params,
  query,
  answers: { 200: { description: 'It is handled', content: { 'application/json': Settled } } },
  problems: [PROBLEMS.notFound, PROBLEMS.conflict, PROBLEMS.unavailable, PROBLEMS.handlerTimeout],
});

export const discardParked = operation({
  id: 'discardParked',
  operator: true,
  method: 'POST',
  path: PATHS.discard,
  tag: 'Parked messages',
  summary: 'Give a parked message up',
  description:
    'It is never handled; those that waited behind it follow. It stays in the list as discarded. One that waits itself is refused.',
  params,
  query,
  answers: { 200: { description: 'It is given up', content: { 'application/json': Settled } } },
  problems: [PROBLEMS.notFound, PROBLEMS.conflict, PROBLEMS.unavailable, PROBLEMS.handlerTimeout],
});

@Controller()
export class SettleParkedController {
  constructor(
    @Inject(Services) private readonly services: Services,
    @Inject(Logger) private readonly logger: Logger,
  ) {}

  @Route(replayParked)
  replay(@Input(replayParked) { params, query, context }: InputOf<typeof replayParked>): Promise<Settled> {
    return this.settle(context, 'replay', params.messageId, query.service);
  }

  @Route(discardParked)
  discard(@Input(discardParked) { params, query, context }: InputOf<typeof discardParked>): Promise<Settled> {
    return this.settle(context, 'discard', params.messageId, query.service);
  }

  private async settle(
    context: RequestContext,
    action: SettleAction,
    id: string,
    at: ServiceName | undefined,
  ): Promise<Settled> {
    let unreachable: ProblemError | undefined;
    for (const service of at === undefined ? SERVICES : [at]) {
      try {
        const settled = await this.settleAt(context, service, action, id);
        if (settled) return settled;
      } catch (error) {
        // Another service may have the message. If none has it, it may be parked at a service that is away: that is no 404.
        if (!(error instanceof ProblemError && error.problem === PROBLEMS.unavailable)) throw error;
        unreachable = error;
      }
    }
    throw (
      unreachable ??
      new ProblemError(PROBLEMS.notFound, { detail: `No message ${id} is parked, or it was settled already.` })
    );
  }

  private async settleAt(
    context: RequestContext,
    service: ServiceName,
    action: SettleAction,
    id: string,
  ): Promise<Settled | undefined> {
    try {
      const request = { answer: SettledThere, method: 'POST', path: `/parked/${id}/${action}` } as const;
      const { body } = await this.services.named(service).request(context, request);
      this.logger.info('a parked message was settled', {
        ...loggable(context),
        messageId: id,
        service,
        state: body.state,
      });
      return { id, service, state: body.state };
    } catch (error) {
      if (error instanceof ProblemError && error.status === PROBLEMS.notFound.status) return undefined;
      throw error;
    }
  }
}
