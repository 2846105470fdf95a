import { PartitionReader, type ReceivedMessage } from '@backstep/kafka';
import type { EventStream } from '../order-events/event-stream.js';
import { ClientQueue, eventText, idText, SHED_MAX } from './client-queue.js';
import type { HubClient, MessageHub } from './message-hub.js';
import type { Pace } from './pace.js';
import { STREAMED_TOPICS, StreamPosition } from './positions.js';
import type { SagaChange, SagaListener, SagaWatcher } from './saga-watcher.js';
import { fits, type StreamFilter } from './stream-filter.js';
import { StreamedMessage, TOLD, type Told, toldTo, type Watched } from './streamed-message.js';
import type { Ticker } from './ticker.js';
import type { WatchedAnswers } from './watched-answers.js';

/** Offsets that a client may be behind and still go on where it was. */
export const RESUME_MAX = 20_000n;

export interface StreamWish {
  readonly watched: ReadonlySet<Watched>;
  readonly filter: StreamFilter;
  /** Only of these orders messages are told; undefined: of all that fit. */
  readonly messagesOf: ReadonlySet<string> | undefined;
  /** How far an earlier stream of the client has got. */
  readonly after: StreamPosition | undefined;
}

/** What all streams of a gateway share. */
export interface StreamSources {
  readonly hub: MessageHub;
  readonly ticker: Ticker;
  readonly sagas: SagaWatcher;
  readonly answers: WatchedAnswers;
  readonly pace: Pace;
}

/** Why a stream does not go on where the client was: what came in between is not told. */
type ResetReason = 'log-lost' | 'too-far';

/** One client's stream, from its beginning to its end. */
export class StreamSession implements HubClient, SagaListener {
  readonly queue = new ClientQueue();
  private readonly told: Told;
  private readonly toldOfOthers: Told;

  constructor(
    private readonly stream: EventStream,
    private readonly wish: StreamWish,
    private readonly sources: StreamSources,
  ) {
    this.told = toldTo(wish.watched);
    this.toldOfOthers = wish.watched.has('orders') ? TOLD.order : TOLD.nothing;
  }

  /** Resolves when the client is gone, or has missed too much. @throws KafkaUnavailableError while it catches up */
  async run(): Promise<'gone' | 'too-slow'> {
    const { closed } = this.stream;
    if (closed.aborted) return 'gone';
    const gone = new Promise<void>((resolve) => closed.addEventListener('abort', () => resolve(), { once: true }));
    void gone.then(() => this.queue.close());
    this.queue.hold();
    const { hub, ticker, sagas, answers, pace } = this.sources;
    const { watched } = this.wish;
    const { from, leave } = hub.join(this);
    const leaves = [leave, pace.join()];
    if (watched.has('tick')) leaves.push(ticker.watch((text) => this.queue.add('tick', text)));
    if (watched.has('sagas')) leaves.push(sagas.watch(this));
    leaves.push(answers.watch(watched, (name, text) => this.queue.add(name, text)));
    const untold = answers.untold(watched);
    if (untold.length > 0) this.queue.add('untold', eventText('untold', { watch: untold }));
    try {
      const writing = this.write();
      const begun = from.then((position) => this.beginAt(position));
      // It may fail when nobody waits for it any more: the client is gone.
      begun.catch(() => undefined);
      await Promise.race([begun, gone, writing]);
      return await writing;
    } finally {
      for (const leaveOne of leaves) leaveOne();
    }
  }

  message(streamed: StreamedMessage): void {
    if (!fits(this.wish.filter, streamed.message)) return;
    const told = this.toldOf(streamed.message);
    const text = streamed.text(told);
    if (text !== '') this.queue.add(told === TOLD.order ? 'order' : 'message', text);
  }

  kafka(reachable: boolean): void {
    this.queue.add('kafka', eventText('kafka', { reachable }));
  }

  changed(saga: SagaChange): void {
    const { order, key } = this.wish.filter;
    if ((order ?? saga.orderId) !== saga.orderId || (key ?? saga.orderId) !== saga.orderId) return;
    this.queue.add('saga', eventText('saga', saga));
  }

  missed(count: number): void {
    this.queue.miss('saga', count);
  }

  lost(position: StreamPosition): void {
    this.queue.add('reset', resetText('log-lost', position));
  }

  /** Of orders whose messages are not wished, their changes alone. */
  private toldOf({ key }: Pick<ReceivedMessage, 'key'>): Told {
    const { messagesOf } = this.wish;
    return messagesOf === undefined || (key !== null && messagesOf.has(key)) ? this.told : this.toldOfOthers;
  }

  /** What came since the client was here last, then the mark where live events begin. */
  private async beginAt(position: StreamPosition): Promise<void> {
    const { after } = this.wish;
    if (after) await this.catchUp(after, position);
    await this.stream.sendText(`: live\n${idText(position.id)}`);
    this.queue.release();
  }

  private async catchUp(after: StreamPosition, to: StreamPosition): Promise<void> {
    if (!after.isUpTo(to)) return this.stream.sendText(resetText('log-lost', to));
    if (after.distanceTo(to) === 0n) return;
    if (after.distanceTo(to) > RESUME_MAX) return this.stream.sendText(resetText('too-far', to));
    const reader = new PartitionReader(this.sources.hub.options);
    try {
      const earliest = StreamPosition.of(await reader.positionsAt(STREAMED_TOPICS, 'earliest'));
      if (!earliest.isUpTo(after)) return await this.stream.sendText(resetText('too-far', to));
      const position = after.copy();
      for await (const messages of reader.readBetween(after.all, to.all)) {
        let text = '';
        for (const message of messages) {
          position.pass(message);
          if (fits(this.wish.filter, message)) text += new StreamedMessage(message).text(this.toldOf(message));
        }
        await this.stream.sendText(text + idText(position.id));
        if (this.stream.closed.aborted) return;
      }
    } finally {
      await reader.disconnect();
    }
  }

  private async write(): Promise<'gone' | 'too-slow'> {
    const { closed } = this.stream;
    const { hub, pace } = this.sources;
    for (;;) {
      await this.queue.filled();
      if (closed.aborted) return 'gone';
      if (this.queue.missed > SHED_MAX) {
        // Not waited for: it does not read.
        void this.stream.sendText(eventText('bye', { reason: 'too-slow' }));
        return 'too-slow';
      }
      await this.stream.sendText(this.queue.take(() => hub.position?.id));
      await pace.next();
    }
  }
}

const resetText = (reason: ResetReason, position: StreamPosition): string =>
  eventText('reset', { reason }, position.id);
