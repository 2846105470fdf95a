import { Controller, Inject, Res } from '@nestjs/common';
import { OrderView, PAGE_MAX, type SagaSummaryView, SagaSummaryViews } from '@backstep/contracts/http';
import type { KeyReading, ReceivedMessage } from '@backstep/kafka';
import { Lifecycle, loggable, Logger, REQUEST_ID_HEADER, type RequestContext } from '@backstep/service';
import { comeAgain, ProblemError, PROBLEMS } from '@backstep/problems';
import type { FastifyReply } from 'fastify';
import type { InputOf } from '../api/operation.js';
import { Input, Route } from '../api/route.js';
import { shownMessage } from '../representations/shown-message.js';
import { Services } from '../services/services.js';
import { acceptsEventStream } from './accept.js';
import { EventStream } from './event-stream.js';
import { orderEvents, type OrderMessages } from './order-events.js';
import { OrderLog } from './order-log.js';
import { areOfThisLog, Bookmark, type EventId, markOf, START } from './positions.js';
import { type TimeWindow, timeWindowOf } from './time-window.js';

/** Concurrent streams of one process. Each has its own connection to Kafka. */
export const STREAMS_MAX = 100;
const RETRY_AFTER_SECONDS = 10;
const SAGAS_ANSWER_MS = 1_000;

@Controller()
export class OrderEventsController {
  private streams = 0;
  private readonly open = new Set<EventStream>();

  constructor(
    @Inject(Services) private readonly services: Services,
    @Inject(OrderLog) private readonly log: OrderLog,
    @Inject(Logger) private readonly logger: Logger,
    @Inject(Lifecycle) private readonly lifecycle: Lifecycle,
  ) {
    lifecycle.draining.addEventListener('abort', () => this.open.forEach((stream) => stream.end()));
  }

  @Route(orderEvents)
  async events(
    @Input(orderEvents) { params, headers, context }: InputOf<typeof orderEvents>,
    @Res() reply: FastifyReply,
  ): Promise<void> {
    // In the spelling of Kafka's keys.
    const orderId = params.orderId.toLowerCase();
    const { method } = reply.request;
    if (method === 'GET' && acceptsEventStream(headers.Accept))
      await this.watch(context, orderId, headers['Last-Event-ID'], reply);
    else void reply.send(await this.read(context, orderId));
  }

  private async read(context: RequestContext, orderId: string): Promise<OrderMessages> {
    const { messages, complete } = await this.log.past(orderId, await this.windowOf(context, orderId));
    return { items: messages.map(shownMessage), complete };
  }

  /** @throws ProblemError `validation` when the client resumes another order's stream. */
  private async watch(
    context: RequestContext,
    orderId: string,
    after: EventId | undefined,
    reply: FastifyReply,
  ): Promise<void> {
    if (after && after.order !== markOf(orderId)) throw notOfThisOrder();
    if (this.streams >= STREAMS_MAX) {
      throw comeAgain(PROBLEMS.tooManyRequests, {
        detail: `${STREAMS_MAX} streams are open here.`,
        retryAfter: RETRY_AFTER_SECONDS,
      });
    }
    this.streams += 1;
    try {
      // Before the answer begins, so that an unknown order or an unreachable Kafka is a problem with a status, not a broken stream.
      const past = await this.log.past(orderId, await this.windowOf(context, orderId));
      reply.hijack();
      const stream = new EventStream(reply.raw, { [REQUEST_ID_HEADER]: reply.request.id });
      this.open.add(stream);
      try {
        if (!this.lifecycle.draining.aborted) await this.feed(stream, orderId, past, after);
      } catch (error) {
        // The client connects again and resumes; if the outage lasts, it gets a problem with a status.
        this.logger.warn('a stream of events broke off', { ...loggable(context), orderId, error });
      } finally {
        this.open.delete(stream);
        stream.end();
      }
    } finally {
      this.streams -= 1;
    }
  }

  private async feed(
    stream: EventStream,
    orderId: string,
    past: KeyReading,
    after: EventId | undefined,
  ): Promise<void> {
    let { positions = START } = after ?? {};
    if (!areOfThisLog(positions, past)) {
      positions = START;
      await stream.sendNamed('reset', { reason: 'log-lost' });
    }
    const bookmark = new Bookmark(markOf(orderId), positions);
    const tell = async (message: ReceivedMessage): Promise<void> => {
      const id = bookmark.pass(message);
      if (id !== undefined && !stream.closed.aborted) await stream.send(id, shownMessage(message));
    };
    for (const message of past.messages) await tell(message);
    await stream.comment('live');
    for await (const message of this.log.live(orderId, afterPast(past), stream.closed)) await tell(message);
  }

  /** @throws ProblemError `not-found` for an unknown order. */
  private async windowOf(context: RequestContext, orderId: string): Promise<TimeWindow> {
    const order = await this.services.order.get(context, `/orders/${orderId}`, OrderView);
    return timeWindowOf(order, await this.sagasOf(context, orderId), Date.now());
  }

  private async sagasOf(context: RequestContext, orderId: string): Promise<readonly SagaSummaryView[] | undefined> {
    try {
      const query = { subject: orderId, limit: PAGE_MAX };
      const request = { answer: SagaSummaryViews, path: '/sagas', query, answerMs: SAGAS_ANSWER_MS };
      return (await this.services.orchestrator.request(context, request)).body.items;
    } catch (error) {
      if (error instanceof ProblemError && error.problem === PROBLEMS.unavailable) return undefined;
      throw error;
    }
  }
}

/** The offsets at which live messages begin, so that none falls between past and live. Past ones beyond the bound are read as live. */
const afterPast = ({ ranges, complete }: KeyReading): Readonly<Record<string, bigint>> =>
  Object.fromEntries([...ranges].map(([topic, { to, end }]) => [topic, complete ? end : to]));

function notOfThisOrder(): ProblemError {
  const [field, message] = ['Last-Event-ID', 'is the id of an event of another order'];
  return new ProblemError(PROBLEMS.validation, {
    detail: `${field}: ${message}`,
    errors: [{ in: 'header', field, message }],
  });
}
