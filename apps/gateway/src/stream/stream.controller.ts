import { Controller, Inject, Res } from '@nestjs/common';
import { comeAgain, PROBLEMS } from '@backstep/problems';
import { Lifecycle, loggable, Logger, Metrics, REQUEST_ID_HEADER } from '@backstep/service';
import type { FastifyReply } from 'fastify';
import type { InputOf } from '../api/operation.js';
import { Input, Route } from '../api/route.js';
import { EventStream } from '../order-events/event-stream.js';
import { MessageHub } from './message-hub.js';
import { Pace } from './pace.js';
import { readStream } from './read-stream.js';
import { SagaWatcher } from './saga-watcher.js';
import { StreamSession } from './stream-session.js';
import { Ticker } from './ticker.js';
import { WatchedAnswers } from './watched-answers.js';

/** Concurrent streams of one process. They share one reader; each has a queue of 1,000 events. */
export const STREAMS_MAX = 100;
const RETRY_AFTER_SECONDS = 10;

@Controller()
export class StreamController {
  private readonly open = new Set<EventStream>();
  private readonly pace = new Pace();

  constructor(
    @Inject(MessageHub) private readonly hub: MessageHub,
    @Inject(Ticker) private readonly ticker: Ticker,
    @Inject(SagaWatcher) private readonly sagas: SagaWatcher,
    @Inject(WatchedAnswers) private readonly answers: WatchedAnswers,
    @Inject(Logger) private readonly logger: Logger,
    @Inject(Lifecycle) private readonly lifecycle: Lifecycle,
    @Inject(Metrics) metrics: Metrics,
  ) {
    const clients = metrics.gauge('backstep_stream_clients', 'Streams of everything that are open');
    metrics.onScrape('stream-clients', async () => clients.set(this.open.size));
    lifecycle.draining.addEventListener('abort', () => this.open.forEach((stream) => stream.end()));
  }

  @Route(readStream)
  async watch(
    @Input(readStream) { query, headers, context }: InputOf<typeof readStream>,
    @Res() reply: FastifyReply,
  ): Promise<void> {
    if (reply.request.method !== 'GET') return void reply.type('text/event-stream').send();
    if (this.open.size >= STREAMS_MAX) {
      throw comeAgain(PROBLEMS.tooManyRequests, {
        detail: `${STREAMS_MAX} streams are open here.`,
        retryAfter: RETRY_AFTER_SECONDS,
      });
    }
    const { hub, ticker, sagas, answers, pace } = this;
    reply.hijack();
    const stream = new EventStream(reply.raw, { [REQUEST_ID_HEADER]: reply.request.id });
    this.open.add(stream);
    const { watch: watched, messagesOf, order, ...others } = query;
    // In the spelling of Kafka's keys.
    const filter = { ...others, order: order?.toLowerCase() };
    const wish = { watched, messagesOf, filter, after: headers['Last-Event-ID'] };
    try {
      if (this.lifecycle.draining.aborted) return;
      const ended = await new StreamSession(stream, wish, { hub, ticker, sagas, answers, pace }).run();
      if (ended === 'too-slow')
        this.logger.warn('a client of the stream read too slowly and is let go', loggable(context));
    } catch (error) {
      // The client connects again and resumes.
      this.logger.warn('a stream broke off', { ...loggable(context), error });
    } finally {
      this.open.delete(stream);
      stream.end();
    }
  }
}
