import { Api, type Page } from '../shared/api.js';
import { KINDS, type Kind } from '../shared/whose-id.js';
import { gatewayOf } from '../shared/where.js';
import type { Candidate } from './candidates.js';

/** Who presses a key does not wait longer, and does not read more. */
const ANSWER_WITHIN_MS = 1_000;
const LISTED_MAX = 30;

interface Listed {
  readonly id: string;
  readonly status?: string;
  readonly state?: string;
  readonly type?: string | null;
}

/** The newest ids of these kinds, by their ends; a whole one where it is begun. None where nobody answers: nobody is told of errors here. */
export async function knownIds(kinds: readonly Kind[], current: string): Promise<readonly Candidate[]> {
  const look = async (): Promise<readonly Candidate[]> => {
    const api = new Api(await gatewayOf({}));
    const pages = await Promise.all(
      kinds.map((kind) => api.get<Page<Listed>>(KINDS[kind].path, { limit: LISTED_MAX })),
    );
    return pages
      .flatMap(({ items }) => items)
      .map(({ id, status, state, type }) => ({
        word: current.includes('-') || current.length > END ? id : id.slice(-END),
        about: [type, status ?? state].filter(Boolean).join(' '),
      }));
  };
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<readonly Candidate[]>(
    (resolve) => (timer = setTimeout(() => resolve([]), ANSWER_WITHIN_MS)),
  );
  const found = await Promise.race([look().catch(() => []), late]);
  clearTimeout(timer);
  return found;
}

/** Digits of an id that lists show, and commands take. */
const END = 12;
