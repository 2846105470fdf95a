import { Controller, Inject } from '@nestjs/common';
import { type InputOf, operation } from '../api/operation.js';
import { Input, Route } from '../api/route.js';
import { PATHS } from '../paths.js';
import { Contention } from '../representations/contention.js';
import { Services } from '../services/services.js';
import { gatherContention } from './gather-contention.js';

export const readContention = operation({
  id: 'readContention',
  operator: true,
  method: 'GET',
  path: PATHS.contention,
  tag: 'Contention',
  summary: 'Read how much writes lose to each other, in each service',
  description: 'Of the last minute, all instances of a service together.',
  answers: {
    200: { description: 'Each service that answered', content: { 'application/json': Contention } },
  },
  problems: [],
});

@Controller()
export class ReadContentionController {
  constructor(@Inject(Services) private readonly services: Services) {}

  @Route(readContention)
  async read(@Input(readContention) { context }: InputOf<typeof readContention>): Promise<Contention> {
    return gatherContention(this.services, context);
  }
}
