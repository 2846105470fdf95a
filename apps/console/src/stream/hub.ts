import { type Batch, BatchBuilder, GAP_OF_ALL, type Gap, NO_ANSWERS, NO_GAP } from './batch.js';
import type { Tick } from './events.js';
import { LastingStream } from './lasting-stream.js';
import type { StreamState } from './state.js';
import { addressOfStream, covers, together, type Wish, withEarlier } from './wish.js';

/** How often tabs are told, at most: so often a page is drawn anew, whatever comes. */
export const TELL_EVERY_MS = 100;
/** How long the stream stays open when nobody looks any more: whoever reloads a page comes back. */
const REST_AFTER_MS = 30_000;
/** How long what nobody wants any more is told on. */
const NARROW_AFTER_MS = 10_000;
/** A tab says every 30 s that it is there, and browsers let hidden ones do so once a minute: one that is silent for longer is gone. */
const GONE_AFTER_MS = 180_000;
const LOOK_FOR_GONE_MS = 60_000;

/** A tab as it is now: each time all of it, so that one that comes twice changes nothing. */
export interface TabState {
  readonly wish: Wish;
  readonly isVisible: boolean;
  readonly token: string | undefined;
}
/** `drawn`: the tab has drawn what it was told last, and has had time for who uses it. */
export type FromTab =
  { readonly kind: 'here'; readonly tab: TabState } | { readonly kind: 'drawn' } | { readonly kind: 'gone' };

export interface ToTab {
  readonly state: StreamState;
  readonly batch: Batch | undefined;
}

/** While a tab draws, what comes gathers here, bounded: a slow page is told less often, and nothing piles up before it. */
interface Drawing {
  isDrawing: boolean;
  /** Something was not told, as it drew. */
  isOwed: boolean;
  readonly gathered: BatchBuilder;
}

interface Tab extends TabState {
  readonly saidAt: number;
  /** It was not told all: it has just come, or nobody looked at it. */
  readonly isBehind: boolean;
  readonly drawing: Drawing;
}

/**
 * One stream for all tabs of a browser, which have six connections to a gateway together (HTTP/1.1). It asks for what they want together, tells
 * each what it wants, ten times a second at most, and rests while nobody looks.
 */
export class StreamHub {
  private readonly tabs = new Map<MessagePort, Tab>();
  private readonly batch = new BatchBuilder();
  private readonly stream: LastingStream;
  /** What the stream tells, and with whose token; undefined while it rests. */
  private open: { readonly wish: Wish; readonly token: string | undefined } | undefined;
  /** More is told than before, from the next `live` on. */
  private hasGrown = false;
  private tick: Tick | undefined;
  private toldAt = 0;
  private telling: ReturnType<typeof setTimeout> | undefined;
  private resting: ReturnType<typeof setTimeout> | undefined;
  private narrowing: ReturnType<typeof setTimeout> | undefined;
  private looking: ReturnType<typeof setInterval> | undefined;

  constructor(origin = '') {
    this.stream = new LastingStream(origin, {
      event: (event) => {
        if (event.kind === 'tick') this.tick = event.tick;
        this.batch.add(event);
        this.tellSoon();
      },
      live: (isResumed) => {
        // What the last stream did not tell, nothing tells now: sagas are not told again, and new wishes begin here.
        this.batch.miss(isResumed ? { ...NO_GAP, sagas: true, messages: this.hasGrown } : GAP_OF_ALL);
        this.hasGrown = false;
        this.tellSoon();
      },
      changed: () => this.tellSoon(),
    });
  }

  attach(port: MessagePort): void {
    port.onmessage = ({ data }: MessageEvent<FromTab>) => {
      if (data.kind === 'drawn') return this.drawn(port);
      if (data.kind === 'gone') this.tabs.delete(port);
      else this.hear(port, data.tab);
      this.plan();
    };
    this.looking ??= setInterval(() => this.forgetGone(), LOOK_FOR_GONE_MS);
  }

  /** Ends everything: for specs, as a worker ends with its last tab. */
  end(): void {
    for (const timer of [this.telling, this.resting, this.narrowing]) clearTimeout(timer);
    clearInterval(this.looking);
    this.tabs.clear();
    this.stream.close();
    clearTimeout(this.telling);
  }

  private hear(port: MessagePort, tab: TabState): void {
    const before = this.tabs.get(port);
    const isBehind = before === undefined || before.isBehind;
    const drawing = before?.drawing ?? { isDrawing: false, isOwed: false, gathered: new BatchBuilder() };
    this.tabs.set(port, { ...tab, saidAt: Date.now(), isBehind, drawing });
    if (tab.isVisible && !before?.isVisible) this.stream.tryNow();
  }

  /** Opens, changes or ends the stream, as the tabs want it. */
  private plan(): void {
    const seen = [...this.tabs.values()].filter(({ isVisible }) => isVisible);
    clearTimeout(this.narrowing);
    if (seen.length === 0) {
      this.resting ??= setTimeout(() => this.rest(), REST_AFTER_MS);
      return;
    }
    clearTimeout(this.resting);
    this.resting = undefined;
    const wish = together(seen.map((tab) => tab.wish));
    const token = [...this.tabs.values()].find((tab) => tab.token !== undefined)?.token;
    if (!this.open || !covers(this.open.wish, wish) || this.open.token !== token) {
      this.reopen(withEarlier(wish, this.open?.wish ?? {}), token);
    } else if (isNarrower(wish, this.open.wish)) {
      this.narrowing = setTimeout(() => this.reopen(wish, token), NARROW_AFTER_MS);
    }
    this.catchUp();
  }

  private reopen(wish: Wish, token: string | undefined): void {
    this.hasGrown ||= this.open === undefined || !covers(this.open.wish, wish);
    this.open = { wish, token };
    this.stream.open(addressOfStream(wish), token);
  }

  private rest(): void {
    this.resting = undefined;
    this.open = undefined;
    this.stream.close();
  }

  /** Whoever was away, or has just come, reads again what it shows. Before the first `live` nobody needs to: then all do. */
  private catchUp(): void {
    const { state } = this.stream;
    const gap: Gap = this.stream.hasBegun ? GAP_OF_ALL : NO_GAP;
    for (const [port, tab] of this.tabs) {
      if (!tab.isBehind || !tab.isVisible) continue;
      this.tabs.set(port, { ...tab, isBehind: false });
      this.tell(port, tab, { state, batch: { ...NOTHING, tick: this.tick, gap } });
    }
  }

  private tellSoon(): void {
    this.telling ??= setTimeout(() => this.tellAll(), Math.max(0, this.toldAt + TELL_EVERY_MS - Date.now()));
  }

  private tellAll(): void {
    this.telling = undefined;
    this.toldAt = Date.now();
    const { state } = this.stream;
    const batch = this.batch.isEmpty ? undefined : this.batch.take();
    for (const [port, tab] of this.tabs) {
      if (tab.isVisible) this.tell(port, tab, { state, batch: batch && partFor(tab.wish, batch) });
      // A page that is not seen may be frozen: nothing piles up for it.
      else if (batch) this.tabs.set(port, { ...tab, isBehind: true });
    }
  }

  private tell(port: MessagePort, { drawing }: Tab, { state, batch }: ToTab): void {
    if (batch) drawing.gathered.addAll(batch);
    drawing.isOwed = drawing.isDrawing;
    if (drawing.isDrawing) return;
    const told: ToTab = { state, batch: drawing.gathered.isEmpty ? undefined : drawing.gathered.take() };
    drawing.isDrawing = told.batch !== undefined;
    port.postMessage(told);
  }

  private drawn(port: MessagePort): void {
    const drawing = this.tabs.get(port)?.drawing;
    if (!drawing) return;
    drawing.isDrawing = false;
    if (drawing.isOwed) this.tellSoon();
  }

  private forgetGone(): void {
    for (const [port, { saidAt }] of this.tabs) if (Date.now() - saidAt > GONE_AFTER_MS) this.tabs.delete(port);
    this.plan();
  }
}

const NOTHING = { orders: [], sagas: [], messages: [], answers: NO_ANSWERS };

/** Whether something costs the gateway that nobody wants any more. Messages of some orders cost nothing beside those of others. */
const isNarrower = (wish: Wish, told: Wish): boolean =>
  (told.messages === true && !wish.messages) ||
  (told.sagas === true && !wish.sagas) ||
  (told.answers ?? []).some((name) => !wish.answers?.includes(name));

/** Messages of the orders, and the answers, that a tab wants: another tab wants others. */
function partFor({ messages: all, messagesOf = [], answers: wanted = [] }: Wish, batch: Batch): Batch {
  const messages = all ? batch.messages : batch.messages.filter(({ key }) => key !== null && messagesOf.includes(key));
  const answers = Object.fromEntries(
    Object.entries(batch.answers).filter(([name]) => wanted.some((one) => one === name)),
  );
  return { ...batch, messages, answers };
}
