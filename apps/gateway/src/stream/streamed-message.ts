import type { ReceivedMessage } from '@backstep/kafka';
import { shownMessage } from '../representations/shown-message.js';
import { eventText } from './client-queue.js';
import { orderChangeIn } from './order-change.js';

/** What a client watches. */
export type Watched = 'tick' | 'orders' | 'sagas' | 'messages';

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

  constructor(
    readonly message: ReceivedMessage,
    /** How far a stream has got that has passed the message. */
    private readonly idOf: () => string,
  ) {}

  /** Empty when a client is told nothing of it. */
  text(told: Told): string {
    return (this.texts[told] ??= this.textOf(told));
  }

  /** The id comes with the last event of a message: a client that is cut off between two gets both again. */
  private textOf(told: Told): string {
    const change = told === TOLD.message ? undefined : orderChangeIn(this.message);
    if (told === TOLD.order) return change ? eventText('order', change, this.idOf()) : '';
    return (change ? eventText('order', change) : '') + eventText('message', shownMessage(this.message), this.idOf());
  }
}
