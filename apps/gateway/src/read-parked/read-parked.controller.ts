import { Controller, Inject, Res } from '@nestjs/common';
import { entityTag, PROBLEMS } from '@backstep/problems';
import type { FastifyReply } from 'fastify';
import { z } from 'zod';
import { type InputOf, operation } from '../api/operation.js';
import { Input, Route } from '../api/route.js';
import { PATHS } from '../paths.js';
import { ParkedMessage, ParkedMessageView, Service, toParkedMessage } from '../representations/parked-message.js';
import { firstThatHas } from '../services/first-that-has.js';
import { Services } from '../services/services.js';

export const readParked = operation({
  id: 'readParked',
  operator: true,
  method: 'GET',
  path: PATHS.parkedMessage,
  tag: 'Parked messages',
  summary: 'Read a parked message',
  params: { messageId: z.uuid() },
  query: {
    service: Service.optional().meta({
      description: 'Where it is parked. Left out, the services are asked in turn, and the first that has it answers.',
    }),
  },
  answers: {
    200: {
      description: 'The message',
      content: { 'application/json': ParkedMessage },
      headers: { ETag: 'Its version, for If-Match of replay and discard' },
      links: {
        replay: { operationId: 'replayParked', parameters: { messageId: '$response.body#/id' } },
        discard: { operationId: 'discardParked', parameters: { messageId: '$response.body#/id' } },
      },
    },
  },
  problems: [PROBLEMS.notFound, PROBLEMS.unavailable, PROBLEMS.handlerTimeout],
});

@Controller()
export class ReadParkedController {
  constructor(@Inject(Services) private readonly services: Services) {}

  @Route(readParked)
  async read(
    @Input(readParked) { params: { messageId }, query, context }: InputOf<typeof readParked>,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<ParkedMessage> {
    const path = `/parked/${messageId}`;
    const found = await firstThatHas(
      query.service,
      async (service) =>
        toParkedMessage(service, await this.services.named(service).get(context, path, ParkedMessageView)),
      `No message ${messageId} is parked, or it was settled already.`,
    );
    void reply.header('etag', entityTag(found.version));
    return found;
  }
}
