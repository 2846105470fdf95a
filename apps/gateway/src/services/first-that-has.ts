import { SERVICES, type ServiceName } from '@backstep/contracts';
import { ProblemError, PROBLEMS } from '@backstep/problems';

/**
 * Asks the services in turn for what only some of them have.
 * @param at asks this one alone
 * @param ask throws `not-found` where there is no such thing
 * @throws ProblemError `not-found`: none has it; `unavailable`: none that answers has it, and one is away that may
 */
export async function firstThatHas<T>(
  at: ServiceName | undefined,
  ask: (service: ServiceName) => Promise<T>,
  detail: string,
): Promise<T> {
  let unreachable: ProblemError | undefined;
  for (const service of at === undefined ? SERVICES : [at]) {
    try {
      return await ask(service);
    } catch (error) {
      if (!(error instanceof ProblemError)) throw error;
      if (error.problem === PROBLEMS.unavailable) unreachable = error;
      else if (error.status !== PROBLEMS.notFound.status) throw error;
    }
  }
  throw unreachable ?? new ProblemError(PROBLEMS.notFound, { detail });
}
