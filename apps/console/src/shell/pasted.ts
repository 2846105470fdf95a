import { type Position, positionIn } from '../lanes/position.js';

/** What an id, or a SKU, can be of. In this order the first that has it is opened. */
export const KINDS = ['order', 'saga', 'parked message', 'product', 'message'] as const;
export type Kind = (typeof KINDS)[number];

/** What somebody has typed or pasted, as far as its form says what it can be. */
export interface Pasted {
  /** A UUID in it, in the spelling of the API's ids. */
  readonly id?: string;
  readonly sku?: string;
  readonly position?: Position;
}

const UUID = /[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}/i;
/** As the API takes one. */
const SKU = /^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$/;

export function pastedOf(text: string): Pasted {
  const typed = text.trim();
  const position = positionIn(typed);
  if (position) return { position };
  const id = UUID.exec(typed)?.[0].toLowerCase();
  return { ...(id !== undefined && { id }), ...(SKU.test(typed) && { sku: typed }) };
}

/** What was answered when one kind was asked for an id. `unknown`: whoever knows did not say. */
export interface Answered {
  readonly kind: Kind;
  readonly state: 'asked' | 'found' | 'absent' | 'unknown';
  /** What it is, how far was looked, or why it is not known. */
  readonly says: string;
}

export interface Verdict {
  /** What is opened; undefined while that can still change, and where there is nothing. */
  readonly first: Kind | undefined;
  /** Nobody is asked any more, and nothing was found: this is why. */
  readonly nothing: string | undefined;
}

/**
 * A parked message is a message too, and its record is looked for the longest: a message is opened when it is known that the id is of nothing
 * else. No other two kinds have the same ids, so the first of them that is found is the only one.
 */
export function verdictOf(answers: readonly Answered[]): Verdict {
  const found = KINDS.filter((kind) => answers.some((one) => one.kind === kind && one.state === 'found'));
  const isAsked = (isOf: (kind: Kind) => boolean): boolean =>
    answers.some(({ kind, state }) => state === 'asked' && isOf(kind));
  const [first] = found;
  if (first !== undefined && first !== 'message') return { first, nothing: undefined };
  if (isAsked((kind) => kind !== 'message')) return { first: undefined, nothing: undefined };
  if (first !== undefined) return { first, nothing: undefined };
  return { first: undefined, nothing: isAsked(() => true) ? undefined : nothingOf(answers) };
}

/** Never more than is known: who did not answer may have it. */
function nothingOf(answers: readonly Answered[]): string | undefined {
  if (answers.length === 0) return undefined;
  const sentenceOf = ({ kind, says }: Answered): string => (says === '' ? kind : `${kind} (${says})`);
  const absent = answers.filter(({ state }) => state === 'absent').map(sentenceOf);
  const unknown = answers.filter(({ state }) => state === 'unknown').map(sentenceOf);
  return [
    absent.length > 0 && `There is no such ${listed(absent, 'or')}.`,
    unknown.length > 0 && `Not known, as nobody answered: ${listed(unknown, 'and')}.`,
  ]
    .filter(Boolean)
    .join(' ');
}

const listed = (words: readonly string[], last: 'or' | 'and'): string =>
  words.length < 2 ? words.join('') : `${words.slice(0, -1).join(', ')} ${last} ${words.at(-1) ?? ''}`;
