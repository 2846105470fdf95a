import { Controller, Inject } from '@nestjs/common';
import { SERVICES } from '@backstep/contracts';
import { ProblemError, PROBLEMS } from '@backstep/problems';
import { z } from 'zod';
import { type InputOf, operation } from '../api/operation.js';
import { Input, Route } from '../api/route.js';
import { PATHS } from '../paths.js';
import { KeyContention, KeyContentionView } from '../representations/contention.js';
import { Services } from '../services/services.js';

/** As long as a part of a path may be. */
const CHARACTERS_MAX = 255;
const name = z.string().min(1).max(CHARACTERS_MAX);

export const readContentionKey = operation({
  id: 'readContentionKey',
  operator: true,
  method: 'GET',
  path: PATHS.contentionKey,
  tag: 'Contention',
  summary: 'Read how a key is taken, and what was decided about it',
  description: 'A key that nobody has fought for has no decisions. It need not be of a row that exists.',
  // No enum: a service that there is not is a thing that is not found, as an entity is.
  params: {
    service: name.meta({ description: `One of ${SERVICES.join(', ')}` }),
    entity: name.meta({ description: 'The name of the class, as `readContention` tells it' }),
    key: name.meta({ description: 'As its primary key column has it' }),
  },
  answers: { 200: { description: 'The key', content: { 'application/json': KeyContention } } },
  problems: [PROBLEMS.notFound, PROBLEMS.unavailable],
});

@Controller()
export class ReadContentionKeyController {
  constructor(@Inject(Services) private readonly services: Services) {}

  @Route(readContentionKey)
  async read(@Input(readContentionKey) { params, context }: InputOf<typeof readContentionKey>): Promise<KeyContention> {
    const service = SERVICES.find((one) => one === params.service);
    if (service === undefined) {
      const detail = `There is no service ${params.service}; there are ${SERVICES.join(', ')}.`;
      throw new ProblemError(PROBLEMS.notFound, { detail });
    }
    const path = `/contention/keys/${encodeURIComponent(params.entity)}/${encodeURIComponent(params.key)}`;
    const found = await this.services.named(service).get(context, path, KeyContentionView);
    return { takenAt: new Date().toISOString(), service, ...found };
  }
}
