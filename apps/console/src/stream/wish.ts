import type { AnswerName } from './events.js';

/** What a page wants to be told. Ticks, and what happens to orders, are told to all. */
export interface Wish {
  readonly sagas?: boolean;
  /** All messages of all orders: for a page that shows them as they come. */
  readonly messages?: boolean;
  /** Messages of these orders. */
  readonly messagesOf?: readonly string[];
  /** What is told whole, again and again, while somebody wants it. */
  readonly answers?: readonly AnswerName[];
}

/** So many orders' messages the gateway tells on one stream. Who looks at more is told of their orders, and reads them again every few seconds. */
export const MESSAGES_OF_MAX = 20;

/** What all want together. Of too many orders the first ones count. */
export function together(wishes: readonly Wish[]): Wish {
  const messages = wishes.some((wish) => wish.messages);
  const orders = new Set(wishes.flatMap(({ messagesOf = [] }) => messagesOf));
  return {
    sagas: wishes.some((wish) => wish.sagas),
    messages,
    messagesOf: messages ? [] : [...orders].slice(0, MESSAGES_OF_MAX),
    answers: [...new Set(wishes.flatMap(({ answers = [] }) => answers))],
  };
}

/** Whether who is told the one is told the other too. */
export const covers = (told: Wish, wish: Wish): boolean =>
  (told.sagas === true || wish.sagas !== true) &&
  (wish.answers ?? []).every((name) => told.answers?.includes(name)) &&
  (told.messages === true ||
    (wish.messages !== true && (wish.messagesOf ?? []).every((order) => told.messagesOf?.includes(order))));

/** The orders of the earlier wish as well, as far as there is room: who goes back to one needs no new stream. */
export const withEarlier = (wish: Wish, earlier: Wish): Wish =>
  wish.messages
    ? wish
    : {
        ...wish,
        messagesOf: [...new Set([...(wish.messagesOf ?? []), ...(earlier.messagesOf ?? [])])].slice(0, MESSAGES_OF_MAX),
      };

/** The address of a stream that tells it. */
export function addressOfStream({ sagas, messages, messagesOf = [], answers = [] }: Wish): string {
  const watch = [
    'tick',
    'orders',
    ...(sagas ? ['sagas'] : []),
    ...(messages || messagesOf.length > 0 ? ['messages'] : []),
    ...answers,
  ];
  const of = !messages && messagesOf.length > 0 ? `&messagesOf=${messagesOf.join(',')}` : '';
  return `/v1/stream?watch=${watch.join(',')}${of}`;
}
