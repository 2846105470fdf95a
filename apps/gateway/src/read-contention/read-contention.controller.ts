import { Controller, Inject } from '@nestjs/common';
import { SERVICES, type ServiceName } from '@backstep/contracts';
import { ProblemError, PROBLEMS, type ProblemType } from '@backstep/problems';
import type { RequestContext } from '@backstep/service';
import { type InputOf, operation } from '../api/operation.js';
import { Input, Route } from '../api/route.js';
import { PATHS } from '../paths.js';
import { Contention, ContentionView, type ServiceContention, WINDOW_MS } from '../representations/contention.js';
import { Services } from '../services/services.js';

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

/** A service that is contended may be slow: what the others say is shown all the same. */
const NO_ANSWER: readonly ProblemType[] = [PROBLEMS.unavailable, PROBLEMS.handlerTimeout];

@Controller()
export class ReadContentionController {
  constructor(@Inject(Services) private readonly services: Services) {}

  @Route(readContention)
  async read(@Input(readContention) { context }: InputOf<typeof readContention>): Promise<Contention> {
    const answers = await Promise.all(SERVICES.map((service) => this.of(context, service)));
    return {
      takenAt: new Date().toISOString(),
      windowMs: WINDOW_MS,
      services: answers.filter((answer) => answer !== undefined),
      unreachable: SERVICES.filter((_, at) => answers[at] === undefined),
    };
  }

  /** One instance answers for all: they leave what they have counted in their database. */
  private async of(context: RequestContext, service: ServiceName): Promise<ServiceContention | undefined> {
    try {
      return { service, ...(await this.services.named(service).get(context, '/contention', ContentionView)) };
    } catch (error) {
      if (error instanceof ProblemError && NO_ANSWER.includes(error.problem)) return undefined;
      throw error;
    }
  }
}
