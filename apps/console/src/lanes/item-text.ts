import { spanText } from '../ui/time-text.js';
import type { Item } from './items.js';
import type { LaneMessage, Meaning } from './model.js';
import { GLYPHS, sentenceOf, WORDS } from './sentence.js';

/** What a group may not hide. */
const TELLING: readonly Meaning[] = ['unreadable', 'refused', 'undoing', 'sent'];

/** When the last of it was said, or arrived. */
export const endOf = (messages: readonly LaneMessage[]): number =>
  Math.max(...messages.flatMap(({ saidAt, to }) => [saidAt, ...to.map(({ at }) => at)]));
export const startOf = (messages: readonly LaneMessage[]): number => Math.min(...messages.map(({ saidAt }) => saidAt));

/** Beside what is drawn: `◐ ReserveStock ×3`; of a saga what it ended with, `⊞ 13 OrderRejected ✕1`. */
export function labelOf({ kind, messages }: Item): string {
  const [first] = messages;
  const { meaning, type, attempt, exchange } = first;
  if (kind === 'message')
    return `${GLYPHS[meaning]} ${type}${attempt.of > 1 ? ` ${attempt.number} of ${attempt.of}` : ''}`;
  if (kind === 'stack') return `${GLYPHS[meaning]} ${type} ×${messages.length}`;
  const undo = exchange?.direction === 'undo' ? '↩ ' : '';
  const what = kind === 'exchange' ? `${undo}${exchange?.step ?? type}` : (messages.at(-1)?.type ?? type);
  return [`⊞ ${messages.length} ${what}`, ...toldOf(messages).map(([one, count]) => `${GLYPHS[one]}${count}`)].join(
    ' ',
  );
}

/** As it is spoken. */
export function itemSentence({ kind, messages }: Item): string {
  const [first] = messages;
  if (kind === 'message') return sentenceOf(first);
  const within = spanText(endOf(messages) - startOf(messages));
  if (kind === 'stack')
    return `${sentenceOf({ ...first, attempt: { number: 1, of: 1 } })}, sent ${messages.length} times within ${within}, drawn as one`;
  const what = kind === 'exchange' ? `step ${first.exchange?.step ?? first.type}` : 'saga';
  const parts = [
    `${first.number}. ${messages.length} messages of a ${what} drawn as one`,
    `${first.type} to ${messages.at(-1)?.type ?? ''} within ${within}`,
    ...toldOf(messages).map(([meaning, count]) => `${WORDS[meaning]}: ${count}`),
  ];
  return parts.join(', ');
}

/** What is drawn anew when it is folded again. */
export const openText = ({ kind, messages }: Item): string =>
  kind === 'stack'
    ? `⊟ ${messages[0].type} ×${messages.length}`
    : labelOf({ kind, messages, fold: '' }).replace('⊞', '⊟');

/** Begins with what is seen of it. */
export const openSentence = (item: Item): string => `${openText(item).slice(2)}, each drawn`;

const toldOf = (messages: readonly LaneMessage[]): readonly (readonly [Meaning, number])[] =>
  TELLING.map((one) => [one, messages.filter(({ meaning }) => meaning === one).length] as const).filter(
    ([, count]) => count > 0,
  );
