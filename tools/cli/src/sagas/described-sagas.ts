import { describeSaga } from '@backstep/saga';
import { CliError, EXIT } from '../shared/exit-codes.js';
import { printable } from '../shared/safe-text.js';
import type { DescribedSaga } from './render-definition.js';

/** Every version of it, as the orchestrator registers them. @throws CliError when there is none of that name */
export async function describedSagas(name?: string): Promise<readonly DescribedSaga[]> {
  const { SAGAS } = await import('@backstep/orchestrator/sagas');
  const wanted = name?.toLowerCase();
  const found = SAGAS.definitions.filter((saga) => wanted === undefined || saga.name === wanted);
  if (found.length === 0) {
    const known = [...new Set(SAGAS.definitions.map((saga) => saga.name))].join(', ');
    throw new CliError(printable(`There is no saga ${name}. There is ${known}.`), EXIT.notFound);
  }
  return found.map((saga) => ({
    name: saga.name,
    version: saga.version,
    startsOn: saga.startsOn.name,
    deadlineMs: saga.deadline,
    steps: describeSaga(saga),
  }));
}
