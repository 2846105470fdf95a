import type { ReceivedMessage } from '@backstep/kafka';
import { shownMessage } from '../representations/shown-message.js';
import { eventText } from './client-queue.js';
import { orderChangeIn } from './order-change.js';

/** What a client watches. */
export type Watched = 'tick' | 'orders' | 'sagas' | 'messages';

/** A message as the events of it, made once for all clients that want the same. */
export class StreamedMessage {
  private readonly texts = new Map<string, string>();

  constructor(
    readonly message: ReceivedMessage,
    /** How far a stream has got that has passed the message. */
    private readonly idOf: () => string,
  ) {}

  /** Empty when a client that watches this is told nothing of it. */
  text(watched: ReadonlySet<Watched>): string {
    const orders = watched.has('orders');
    const messages = watched.has('messages');
    const kind = `${orders} ${messages}`;
    let text = this.texts.get(kind);
    if (text === undefined) this.texts.set(kind, (text = this.textOf(orders, messages)));
    return text;
  }

  /** The id comes with the last event of a message: a client that is cut off between two gets both again. */
  private textOf(orders: boolean, messages: boolean): string {
    const change = orders ? orderChangeIn(this.message) : undefined;
    if (messages) {
      const told = change ? eventText('order', change) : '';
      return told + eventText('message', shownMessage(this.message), this.idOf());
    }
    return change ? eventText('order', change, this.idOf()) : '';
  }
}
