import { ProblemAnswer, type Api } from './api.js';
import { CliError, EXIT } from './exit-codes.js';
import { printable } from './safe-text.js';

/** What an id may be of, and the command that shows it. */
const KINDS = {
  order: { path: '/v1/orders', one: 'an order' },
  saga: { path: '/v1/sagas', one: 'a saga' },
} as const;
type Kind = keyof typeof KINDS;

/**
 * Does the work; when there is no such order, or saga, says whether the id is one of the other.
 * @throws CliError with the exit code of what is not there
 */
export async function idOf<T>(api: Api, kind: Kind, id: string, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    if (!(error instanceof ProblemAnswer) || error.status !== 404) throw error;
    const other = kind === 'order' ? 'saga' : 'order';
    if (!(await isThere(api, `${KINDS[other].path}/${id}`))) throw error;
    const message = printable(
      `${id} is ${KINDS[other].one}, not ${KINDS[kind].one}: \`npx backstep ${other} ${id}\` shows it.`,
    );
    throw new CliError(message, EXIT.notFound, { cause: error });
  }
}

/** What cannot be asked is not known to be there: the first answer stands. */
async function isThere(api: Api, path: string): Promise<boolean> {
  try {
    await api.get(path);
    return true;
  } catch (error) {
    if (error instanceof CliError) return false;
    throw error;
  }
}
