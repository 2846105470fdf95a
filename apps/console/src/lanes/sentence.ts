import { spanText } from '../ui/time-text.js';
import type { Drop, How } from './arrivals.js';
import type { LaneMessage, Meaning } from './model.js';
import { positionText } from './position.js';

/** A glyph for each meaning: colour never stands alone. */
export const GLYPHS: Readonly<Record<Meaning, string>> = {
  sent: '◐',
  answered: '▸',
  undoing: '↩',
  done: '✓',
  refused: '✕',
  undone: '↺',
  told: '●',
  unreadable: '⬣',
};

export const WORDS: Readonly<Record<Meaning, string>> = {
  sent: 'sent, not answered yet',
  answered: 'sent and answered',
  undoing: 'takes a step back',
  done: 'done',
  refused: 'refused',
  undone: 'taken back',
  told: 'told',
  unreadable: 'unreadable',
};

/** How it is known that a message reached a lane, behind the lane's name. */
export const HOW: Readonly<Record<How, string>> = {
  received: 'its inbox has it',
  parked: 'parked there: it could not be handled',
  reacted: 'it reacted',
  unread: 'not read yet',
  inferred: 'inferred: nobody has said so',
};

/** What became of a record whose message a lane has already. */
export const dropText = ({ lane, how }: Drop): string =>
  how === 'observed'
    ? `${lane} dropped it (observed)`
    : how === 'unread'
      ? `${lane} has not read it yet`
      : `${lane} drops it: its inbox has the id (inferred)`;

const ARRIVED: Readonly<Record<How, (span: string) => string | undefined>> = {
  received: (span) => `received in ${span}`,
  reacted: (span) => `handled in ${span}`,
  parked: () => 'parked',
  unread: () => 'not read yet',
  inferred: () => undefined,
};

/** A message as it is spoken, and as the table says it. */
export function sentenceOf({ number, type, kind, from, to, saidAt, exchange, meaning, ...rest }: LaneMessage): string {
  const [arrival] = to;
  const { attempt, repeated, landing, version } = rest;
  const what =
    kind === 'command'
      ? `${from} asked ${arrival?.lane ?? 'nobody'}: ${type}`
      : kind === 'event'
        ? `${from} said: ${type}`
        : `${from} sent what cannot be read: ${type}`;
  const parts = [
    `${number}. ${what}`,
    exchange && `${exchange.direction === 'undo' ? 'compensation of' : 'step'} ${exchange.step}`,
    meaning === 'told' ? undefined : WORDS[meaning],
    version !== undefined && `row v${version}`,
    attempt.of > 1 && `sending ${attempt.number} of ${attempt.of}`,
    `${positionText(landing)}`,
    kind === 'command' && arrival && ARRIVED[arrival.how](spanText(arrival.at - saidAt)),
    repeated.length > 0 && `${repeated.length} repeated`,
  ];
  return parts.filter(Boolean).join(', ');
}
