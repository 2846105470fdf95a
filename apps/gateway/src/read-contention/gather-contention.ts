import { SERVICES, type ServiceName } from '@backstep/contracts';
import { ProblemError, PROBLEMS, type ProblemType } from '@backstep/problems';
import type { RequestContext } from '@backstep/service';
import { type Contention, ContentionView, type ServiceContention, WINDOW_MS } from '../representations/contention.js';
import type { Services } from '../services/services.js';

/** A service that is contended may be slow: what the others say is shown all the same. */
const NO_ANSWER: readonly ProblemType[] = [PROBLEMS.unavailable, PROBLEMS.handlerTimeout];

/** What each service that answers says of its writes in the last minute. */
export async function gatherContention(services: Services, context: RequestContext): Promise<Contention> {
  const answers = await Promise.all(SERVICES.map((service) => contentionOf(services, context, service)));
  return {
    takenAt: new Date().toISOString(),
    windowMs: WINDOW_MS,
    services: answers.filter((answer) => answer !== undefined),
    unreachable: SERVICES.filter((_, at) => answers[at] === undefined),
  };
}

/** One instance answers for all: they leave what they have counted in their database. */
async function contentionOf(
  services: Services,
  context: RequestContext,
  service: ServiceName,
): Promise<ServiceContention | undefined> {
  try {
    return { service, ...(await services.named(service).get(context, '/contention', ContentionView)) };
  } catch (error) {
    if (error instanceof ProblemError && NO_ANSWER.includes(error.problem)) return undefined;
    throw error;
  }
}
