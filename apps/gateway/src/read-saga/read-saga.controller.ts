import { Controller, Inject, Res } from '@nestjs/common';
import { SagaAction, SagaView } from '@backstep/contracts/http';
import { PROBLEMS } from '@backstep/problems';
import type { FastifyReply } from 'fastify';
import { z } from 'zod';
import { ETAG, IF_NONE_MATCH, isNotModified, NOT_MODIFIED } from '../api/etag.js';
import { type InputOf, operation } from '../api/operation.js';
import { Input, Route } from '../api/route.js';
import { PATHS } from '../paths.js';
import { Saga, toSaga } from '../representations/saga.js';
import { Services } from '../services/services.js';

const OF_THIS_VERSION = { sagaId: '$response.body#/id', 'If-Match': '$response.header.ETag' };

export const readSaga = operation({
  id: 'readSaga',
  operator: true,
  method: 'GET',
  path: PATHS.saga,
  tag: 'Sagas',
  summary: 'Read a saga and its steps',
  params: { sagaId: z.uuid() },
  headers: IF_NONE_MATCH,
  answers: {
    200: {
      description: 'The saga',
      content: { 'application/json': Saga },
      headers: { ETag: ETAG },
      links: Object.fromEntries(
        SagaAction.options.map((action) => [action, { operationId: `${action}Saga`, parameters: OF_THIS_VERSION }]),
      ),
    },
    ...NOT_MODIFIED,
  },
  problems: [PROBLEMS.notFound, PROBLEMS.unavailable],
});

@Controller()
export class ReadSagaController {
  constructor(@Inject(Services) private readonly services: Services) {}

  @Route(readSaga)
  async read(
    @Input(readSaga) { params, headers, context }: InputOf<typeof readSaga>,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<Saga | undefined> {
    const saga = await this.services.orchestrator.get(context, `/sagas/${params.sagaId}`, SagaView);
    const shown = toSaga(saga);
    return isNotModified(reply, shown, headers['If-None-Match']) ? undefined : shown;
  }
}
