import { ProblemAnswer, type Api } from './api.js';
import { CliError, EXIT } from './exit-codes.js';
import { printable } from './safe-text.js';

/** What an id may be of: where those are listed, and what is done with one. */
export const KINDS = {
  order: { path: '/v1/orders', one: 'an order', done: (id: string) => `\`npx backstep order ${id}\` shows it` },
  saga: { path: '/v1/sagas', one: 'a saga', done: (id: string) => `\`npx backstep saga ${id}\` shows it` },
  'parked message': { path: '/v1/parked', one: 'a parked message', done: () => '`npx backstep parked` lists it' },
} as const;
export type Kind = keyof typeof KINDS;

/** These can be asked for by their id. */
const ASKED_FOR: readonly Kind[] = ['order', 'saga', 'parked message'];

/** Whose an id is that was given as one of something else, and what to type. */
export const shownBy = (id: string, is: Kind, not: Kind): string =>
  printable(`${id} is ${KINDS[is].one}, not ${KINDS[not].one}: ${KINDS[is].done(id)}.`);

/**
 * Does the work; when there is no such order, saga or parked message, says whether the id is one of another.
 * @throws CliError with the exit code of what is not there
 */
export async function idOf<T>(api: Api, kind: Kind, id: string, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    if (!(error instanceof ProblemAnswer) || error.status !== 404) throw error;
    for (const other of ASKED_FOR) {
      if (other === kind || !(await isThere(api, `${KINDS[other].path}/${id}`))) continue;
      throw new CliError(shownBy(id, other, kind), EXIT.notFound, { cause: error });
    }
    throw error;
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
