import type { Api, Page } from './api.js';
import { isWholeId } from './arguments.js';
import { count } from './count.js';
import { CliError, EXIT, UsageError } from './exit-codes.js';
import { KINDS, shownBy, type Kind } from './whose-id.js';

/** Pages of 100 that are looked through, the newest first. */
const PAGES_MAX = 10;
const PAGE = 100;
const LISTED_MAX = 10;

/**
 * The id whose end was given, of the newest that there are; a whole id as it is, without asking.
 * @throws CliError when none of them ends so, which says whether something else does; UsageError that lists them when several do
 */
export async function fullId(api: Api, kind: Kind, given: string): Promise<string> {
  if (isWholeId(given)) return given;
  const found = await endingWith(api, kind, given);
  const [only] = found;
  if (only === undefined) throw await noneEndsWith(api, kind, given);
  if (found.length === 1) return only;
  const listed = found.slice(0, LISTED_MAX).map((id) => `\n  ${id}`);
  throw new UsageError(`Several end with ${given}; which one?${listed.join('')}`);
}

async function endingWith(api: Api, kind: Kind, end: string): Promise<readonly string[]> {
  const found = new Set<string>();
  let cursor: string | null | undefined;
  for (let page = 0; page < PAGES_MAX && cursor !== null; page += 1) {
    const { items, nextCursor } = await api.get<Page<{ readonly id: string }>>(KINDS[kind].path, {
      limit: PAGE,
      cursor,
    });
    for (const { id } of items) if (id.toLowerCase().endsWith(end)) found.add(id);
    cursor = nextCursor;
  }
  return [...found];
}

async function noneEndsWith(api: Api, kind: Kind, end: string): Promise<CliError> {
  for (const other of Object.keys(KINDS) as Kind[]) {
    const [id] = other === kind ? [] : await endingWith(api, other, end).catch(() => []);
    if (id !== undefined) return new CliError(shownBy(id, other, kind), EXIT.notFound);
  }
  return new CliError(
    `None of the newest ${count(PAGES_MAX * PAGE, kind)} ends with ${end}: give the whole id.`,
    EXIT.notFound,
  );
}
