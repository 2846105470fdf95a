import { currentToken, onToken } from '../api/read.js';
import type { Batch } from './batch.js';
import type { Tick } from './events.js';
import { type FromTab, StreamHub, type ToTab } from './hub.js';
import { NOT_CONNECTED, type StreamState } from './state.js';
import { together, type Wish } from './wish.js';
import { workerAddress } from './worker-address.js';

const SAY_HERE_EVERY_MS = 30_000;
/** How long a page that is not seen is told on: whoever changes between two windows misses nothing. */
const TOLD_UNSEEN_MS = 60_000;
/** A page that has shown no frame for so long is told on. */
const DRAWN_WITHIN_MS = 1_000;
const REST_MAX_MS = 1_000;
/** As long as it took to draw, so many times: a quarter of a page's time is for what is told, the rest for who uses it. */
const REST_TIMES = 3;

type Listener = (batch: Batch) => void;

const wishes = new Map<Listener, Wish>();
const watchers = new Set<() => void>();
let state: StreamState = NOT_CONNECTED;
let tick: Tick | undefined;
let port: MessagePort | undefined;
let isSaying = false;
let unseen: ReturnType<typeof setTimeout> | undefined;
let isVisible = true;

/** Connects this tab to the stream of the browser, once. */
export function startStream(): void {
  connect();
  setInterval(say, SAY_HERE_EVERY_MS);
  onToken(say);
  document.addEventListener('visibilitychange', look);
  addEventListener('pagehide', () => post({ kind: 'gone' }));
  addEventListener('pageshow', say);
  look();
}

/**
 * Tells the listener what came, ten times a second at most, and no more often than the page can draw it.
 * @returns what ends it
 */
export function subscribe(wish: Wish, listener: Listener): () => void {
  wishes.set(listener, wish);
  say();
  return () => {
    wishes.delete(listener);
    say();
  };
}

/** Tells of changes of the state and the tick. @returns what ends it */
export function watchState(watcher: () => void): () => void {
  watchers.add(watcher);
  return () => watchers.delete(watcher);
}

export const streamState = (): StreamState => state;
export const latestTick = (): Tick | undefined => tick;

/** The worker of all tabs; where a browser has none, a hub of this page's own: a tab that nobody looks at closes its stream. */
function connect(): void {
  try {
    const worker = new SharedWorker(workerAddress(), { type: 'module', name: 'backstep' });
    // A worker that cannot be loaded says nothing else.
    worker.onerror = connectAlone;
    listen(worker.port);
  } catch {
    connectAlone();
  }
}

function connectAlone(): void {
  const { port1, port2 } = new MessageChannel();
  new StreamHub().attach(port1);
  listen(port2);
  say();
}

function listen(to: MessagePort): void {
  port = to;
  port.onmessage = ({ data }: MessageEvent<ToTab>) => {
    state = data.state;
    if (data.batch?.tick) tick = data.batch.tick;
    // All in one task: React draws once.
    if (data.batch) for (const listener of [...wishes.keys()]) listener(data.batch);
    for (const watcher of watchers) watcher();
    if (data.batch) whenDrawn(() => post({ kind: 'drawn' }));
  };
}

/** When what was told is painted, and a rest has passed in which the page answers who uses it. */
function whenDrawn(then: () => void): void {
  const toldAt = performance.now();
  let isOver = false;
  const rest = (): void => {
    if (isOver) return;
    isOver = true;
    setTimeout(then, Math.min(REST_MAX_MS, REST_TIMES * (performance.now() - toldAt)));
  };
  // React has drawn by the second frame. A page that is covered by others has no frames.
  requestAnimationFrame(() => requestAnimationFrame(rest));
  setTimeout(rest, DRAWN_WITHIN_MS);
}

function look(): void {
  clearTimeout(unseen);
  const become = (seen: boolean): void => {
    isVisible = seen;
    say();
  };
  if (document.visibilityState === 'visible') become(true);
  else unseen = setTimeout(() => become(false), TOLD_UNSEEN_MS);
}

/** Says what this tab wants, once for all that changes at a time. */
function say(): void {
  if (isSaying) return;
  isSaying = true;
  queueMicrotask(() => {
    isSaying = false;
    post({ kind: 'here', tab: { wish: together([...wishes.values()]), isVisible, token: currentToken() } });
  });
}

const post = (said: FromTab): void => port?.postMessage(said);
