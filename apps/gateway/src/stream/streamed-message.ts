import type { ReceivedMessage } from '@backstep/kafka';
import { shownMessage } from '../representations/shown-message.js';
import { eventText } from './client-queue.js';
import { orderChangeIn } from './order-change.js';

/** What is asked for again and again while somebody watches it, each an event of its own. */
export const ANSWERS = ['contention', 'faults', 'invariants'] as const;
export type AnswerName = (typeof ANSWERS)[number];

/** What a client watches. */
export type Watched = 'tick' | 'orders' | 'sagas' | 'messages' | AnswerName;

/** What a client is told of a message. A number, as it is looked up for each message and client: some hundred thousand times a second. */
export const TOLD = { nothing: 0, order: 1, message: 2, both: 3 } as const;
export type Told = (typeof TOLD)[keyof typeof TOLD];

export const toldTo = (watched: ReadonlySet<Watched>): Told => {
  const messages = watched.has('messages');
  if (watched.has('orders')) return messages ? TOLD.both : TOLD.order;
  return messages ? TOLD.message : TOLD.nothing;
};

/** A message as the events of it, made once for all clients that want the same. */
export class StreamedMessage {
  private readonly texts: (string | undefined)[] = [''];

  constructor(readonly message: ReceivedMessage) {}

  /** Empty when a client is told nothing of it. */
  text(told: Told): string {
    return (this.texts[told] ??= this.textOf(told));
  }

  private textOf(told: Told): string {
    const change = told === TOLD.message ? undefined : orderChangeIn(this.message);
    const order = change ? eventText('order', change) : '';
    return told === TOLD.order ? order : order + eventText('message', shownMessage(this.message));
  }
}
