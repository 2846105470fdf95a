import { Api, type Page } from '../shared/api.js';
import { KINDS, type Kind } from '../shared/whose-id.js';
import { gatewayOf } from '../shared/where.js';
import type { Candidate } from './candidates.js';

/** The timeout and the number of ids of a completion. */
const ANSWER_WITHIN_MS = 1_000;
const LISTED_MAX = 30;

interface Listed {
  readonly id: string;
  readonly status?: string;
  readonly state?: string;
  readonly type?: string | null;
}

/** The newest ids of these kinds, by their ends; whole where the beginning of one is typed. None when the gateway does not answer. */
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
