import { useEffect, useRef, useState } from 'react';
import { many } from '../api/many.js';
import { ProblemError, read } from '../api/read.js';
import type { PlaceOrder } from '../api/types.js';
import { hasEnded } from '../playground/outcomes.js';
import { placeOne } from '../playground/place.js';
import { useStream } from '../stream/use-stream.js';
import { type Balance, Ledger } from './ledger.js';

/** How often it is looked whether another order is due. */
const BEAT_MS = 100;
/** Requests at a time. A browser has six connections for an origin; the stream and the page's own reads want theirs. */
const AT_ONCE_MAX = 3;
/** How often the gateway is asked for those of which nothing is told. */
const ASK_EVERY_MS = 1_000;
const ASKED_AT_ONCE = 20;
const UNTOLD_AFTER_MS = 2_000;

export interface Load {
  readonly isOn: boolean;
  readonly balance: Balance;
  begin(): void;
  stop(): void;
  /** Places one, and resolves with its id; undefined: nobody has accepted it. */
  placeOne(): Promise<string | undefined>;
}

/** Places orders at a rate for as long as the page is open, and follows each by the page's own ledger. */
export function useLoad(rate: number, body: PlaceOrder | undefined): Load {
  const ledger = useRef<Ledger>(undefined);
  const book = (ledger.current ??= new Ledger());
  const [isOn, setOn] = useState(false);
  const [balance, setBalance] = useState(() => book.balance());
  const sent = useRef({ rate, body });
  useEffect(() => {
    sent.current = { rate, body };
  });
  useStream({}, ({ orders, gap }) => {
    for (const { id, status } of orders) if (status !== null) book.tell(id, hasEnded({ status }), Date.now());
    if (orders.length > 0 || gap.orders) setBalance(book.balance());
  });
  useEffect(() => {
    if (!isOn) return;
    let [due, underWay] = [0, 0];
    const timer = setInterval(() => {
      due = Math.min(due + (sent.current.rate * BEAT_MS) / 1_000, AT_ONCE_MAX);
      while (due >= 1 && underWay < AT_ONCE_MAX && sent.current.body && !book.isFull) {
        due -= 1;
        underWay += 1;
        void placeIn(book, sent.current.body).finally(() => {
          underWay -= 1;
          setBalance(book.balance());
        });
      }
    }, BEAT_MS);
    return () => clearInterval(timer);
  }, [isOn, book]);
  const isFollowing = balance.waiting > 0;
  useEffect(() => {
    if (!isFollowing) return;
    const stopping = new AbortController();
    let isAsking = false;
    const timer = setInterval(() => {
      if (isAsking) return;
      isAsking = true;
      void askFor(book, stopping.signal).finally(() => {
        isAsking = false;
        setBalance(book.balance());
      });
    }, ASK_EVERY_MS);
    return () => {
      clearInterval(timer);
      stopping.abort();
    };
  }, [isFollowing, book]);
  const placeOne = async (): Promise<string | undefined> => {
    const id = body && (await placeIn(book, body));
    setBalance(book.balance());
    return id;
  };
  return { isOn, balance, begin: () => setOn(true), stop: () => setOn(false), placeOne };
}

/** One order. What was sent is followed to its answer, also when the load is stopped meanwhile: it may be accepted. */
async function placeIn(ledger: Ledger, body: PlaceOrder): Promise<string | undefined> {
  const placed = await placeOne(body);
  if ('orderId' in placed) {
    ledger.accept(placed.orderId, Date.now());
    return placed.orderId;
  }
  ledger.refuse();
  return undefined;
}

/** Asks the gateway for those of which nothing is told: the oldest first. */
async function askFor(ledger: Ledger, signal: AbortSignal): Promise<void> {
  const ids = ledger.toAsk(ASKED_AT_ONCE, Date.now() - UNTOLD_AFTER_MS);
  const askOne = async (number: number): Promise<void> => {
    const orderId = ids[number - 1] ?? '';
    try {
      const order = await read('/v1/orders/{orderId}', { path: { orderId }, signal });
      ledger.tell(orderId, hasEnded(order), Date.now());
    } catch (error) {
      // Whoever does not answer now is asked again.
      if (error instanceof ProblemError && error.status === 404) ledger.miss(orderId);
    }
  };
  await many(ids.length, askOne, () => undefined, signal);
}
