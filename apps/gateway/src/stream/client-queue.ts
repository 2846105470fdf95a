/** Events that wait for one client. */
export const WAITING_MAX = 1_000;
/** Events that one client may miss before it is let go: it cannot keep up. */
export const SHED_MAX = 10_000;

/** Of these the last one counts, and it is all of it. */
const LATEST = new Set(['tick', 'contention', 'faults', 'invariants', 'untold'] as const);
type LatestName = typeof LATEST extends ReadonlySet<infer Name> ? Name : never;

export type EventName = LatestName | 'message' | 'order' | 'saga' | 'kafka' | 'reset' | 'shed' | 'bye';

interface Waiting {
  readonly name: EventName;
  readonly text: string;
}

/** An id without data is no event: whoever reads it has it as its last id. */
export const idText = (id: string): string => `id: ${id}\n\n`;

/** An event as text. Without an id it leaves the client's last event id as it is. `message` is what an event without a name is. */
export const eventText = (name: EventName, data: unknown, id?: string): string =>
  `${name === 'message' ? '' : `event: ${name}\n`}${id === undefined ? '' : `id: ${id}\n`}data: ${JSON.stringify(data)}\n\n`;

const isLatest = (name: EventName): name is LatestName => (LATEST as ReadonlySet<EventName>).has(name);

/**
 * What waits for one client, bounded. Of a client that does not keep up the oldest messages go first, then the oldest of the rest; it is told how
 * many of which it missed. Of a tick, and of what else is told anew each time, the last one waits.
 */
export class ClientQueue {
  private waiting: Waiting[] = [];
  private readonly latest = new Map<LatestName, string>();
  private readonly shed = new Map<EventName, number>();
  private shedInARow = 0;
  private held = false;
  private closed = false;
  private wake: (() => void) | undefined;

  constructor(private readonly max = WAITING_MAX) {}

  add(name: EventName, text: string): void {
    if (isLatest(name)) this.latest.set(name, text);
    else {
      if (this.waiting.length >= this.max) this.makeRoom();
      this.waiting.push({ name, text });
    }
    this.wake?.();
  }

  /** So many events of this name were never made. */
  miss(name: EventName, count: number): void {
    this.shed.set(name, (this.shed.get(name) ?? 0) + count);
    this.wake?.();
  }

  /** While held, what has an order (messages, and what is made of them) waits: the client catches up first. */
  hold(): void {
    this.held = true;
  }

  release(): void {
    this.held = false;
    this.wake?.();
  }

  /** So many events are missing since the client last kept up. */
  get missed(): number {
    return this.shedInARow;
  }

  /**
   * All that waits, as one text; empty when nothing does. What was missed comes first.
   * @param id how far a client has got that has read all of it. It stands once at the end: a client that is cut off before is told the same again
   */
  take(id: () => string | undefined): string {
    const now = this.held ? this.waiting.filter(({ name }) => name === 'kafka') : this.waiting;
    this.waiting = this.held ? this.waiting.filter(({ name }) => name !== 'kafka') : [];
    const told = [...this.shed].map(([event, count]) => eventText('shed', { event, count })).join('');
    if (this.shed.size === 0 && now.length < this.max) this.shedInARow = 0;
    this.shed.clear();
    const reached = this.held || now.length === 0 ? undefined : id();
    const latest = [...this.latest.values()].join('');
    this.latest.clear();
    return told + now.map(({ text }) => text).join('') + (reached === undefined ? '' : idText(reached)) + latest;
  }

  /** Resolves when there is something to take, or the queue is closed. */
  async filled(): Promise<void> {
    while (!this.closed && !this.hasSome) await new Promise<void>((resolve) => (this.wake = resolve));
    this.wake = undefined;
  }

  close(): void {
    this.closed = true;
    this.wake?.();
  }

  private get hasSome(): boolean {
    if (this.latest.size > 0 || this.shed.size > 0) return true;
    return this.held ? this.waiting.some(({ name }) => name === 'kafka') : this.waiting.length > 0;
  }

  private makeRoom(): void {
    const oldest = Math.max(
      this.waiting.findIndex(({ name }) => name === 'message'),
      0,
    );
    const [gone] = this.waiting.splice(oldest, 1);
    if (!gone) return;
    this.miss(gone.name, 1);
    this.shedInARow += 1;
  }
}
