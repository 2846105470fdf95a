import type { Api, Page } from './api.js';
import { isWholeId } from './arguments.js';
import { CliError, EXIT, UsageError } from './exit-codes.js';

/** Pages of 100 that are looked through, the newest first. */
const PAGES_MAX = 10;
const PAGE = 100;
const LISTED_MAX = 10;

export const LISTS = {
  order: '/v1/orders',
  saga: '/v1/sagas',
  'parked message': '/v1/parked',
} as const;

/**
 * The id whose end was given, of the newest that there are; a whole id as it is, without asking.
 * @throws CliError when none of them ends so; UsageError that lists them when several do
 */
export async function fullId(api: Api, kind: keyof typeof LISTS, given: string): Promise<string> {
  if (isWholeId(given)) return given;
  const found = new Set<string>();
  let cursor: string | null | undefined;
  for (let page = 0; page < PAGES_MAX && cursor !== null; page += 1) {
    const { items, nextCursor } = await api.get<Page<{ readonly id: string }>>(LISTS[kind], { limit: PAGE, cursor });
    for (const { id } of items) if (id.toLowerCase().endsWith(given)) found.add(id);
    cursor = nextCursor;
  }
  const [only, ...others] = found;
  if (only === undefined)
    throw new CliError(
      `No ${kind} of the newest ${PAGES_MAX * PAGE} ends with ${given}: give the whole id.`,
      EXIT.notFound,
    );
  if (others.length === 0) return only;
  const listed = [...found].slice(0, LISTED_MAX).map((id) => `\n  ${id}`);
  throw new UsageError(`Several end with ${given}; which one?${listed.join('')}`);
}
