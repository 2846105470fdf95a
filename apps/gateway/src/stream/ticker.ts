import { Inject, Injectable, type OnApplicationShutdown } from '@nestjs/common';
import { OrderConfirmed, OrderPlaced, OrderRejected, SERVICES, type ServiceName } from '@backstep/contracts';
import { newId } from '@backstep/messages';
import { Logger, newContext, type RequestContext } from '@backstep/service';
import { setTimeout as delay } from 'node:timers/promises';
import { z } from 'zod';
import { Services } from '../services/services.js';
import { eventText } from './client-queue.js';
import { MessageHub, type HubClient } from './message-hub.js';
import type { StreamPosition } from './positions.js';
import type { StreamedMessage } from './streamed-message.js';
import { ReadinessView, SagaCountsView, StandingView, type Tick } from './tick.js';
import { Watchers } from './watchers.js';

/** How often, milliseconds. A tick that takes longer delays the next one. */
const EVERY_MS = 1_000;
/** How long a service may take to say how it is, milliseconds. */
const ANSWER_MS = 800;

interface Said {
  readonly service: ServiceName;
  readonly standing: StandingView | undefined;
  readonly isReady: boolean;
}

/** Asks every service how it is, once a second while somebody watches, and tells all who do. */
@Injectable()
export class Ticker implements HubClient, OnApplicationShutdown {
  private readonly watchers = new Watchers((signal) => this.run(signal));
  private rates = new Map<string, number>();

  constructor(
    @Inject(Services) private readonly services: Services,
    @Inject(MessageHub) private readonly hub: MessageHub,
    @Inject(Logger) private readonly logger: Logger,
  ) {}

  /** @param tell gets each tick as an event @returns what ends it */
  watch(tell: (text: string) => void): () => void {
    return this.watchers.add(tell);
  }

  message({ message: { topic, headers } }: StreamedMessage): void {
    const type = headers['ce_type'];
    if (topic !== OrderPlaced.topic || type === undefined) return;
    this.rates.set(type, (this.rates.get(type) ?? 0) + 1);
  }

  kafka(): void {
    // Told to each stream by itself.
  }

  lost(): void {
    // The next tick is of the new log.
  }

  onApplicationShutdown(): void {
    this.watchers.end();
  }

  private async run(signal: AbortSignal): Promise<void> {
    const { leave } = this.hub.join(this);
    this.rates = new Map();
    try {
      while (!signal.aborted) {
        const began = performance.now();
        try {
          const text = eventText('tick', await this.tick());
          if (!signal.aborted) this.watchers.tell(text);
        } catch (error) {
          this.logger.error('a tick of the stream failed', { error });
        }
        const left = Math.max(0, EVERY_MS - (performance.now() - began));
        await delay(left, undefined, { signal }).catch(() => undefined);
      }
    } finally {
      leave();
    }
  }

  private async tick(): Promise<Tick> {
    const context = newContext(newId(), undefined);
    const [said, sagas] = await Promise.all([
      Promise.all(SERVICES.map((service) => this.ask(context, service))),
      this.from(context, 'orchestrator', '/sagas/counts', SagaCountsView),
    ]);
    const { position } = this.hub;
    const { rates } = this;
    this.rates = new Map();
    const of = <Value>(value: (standing: StandingView) => Value): Record<string, Value> =>
      Object.fromEntries(said.flatMap(({ service, standing }) => (standing ? [[service, value(standing)]] : [])));
    return {
      at: new Date().toISOString(),
      rates: {
        placed: rates.get(OrderPlaced.name) ?? 0,
        confirmed: rates.get(OrderConfirmed.name) ?? 0,
        rejected: rates.get(OrderRejected.name) ?? 0,
      },
      inFlight: sagas ? sagas.RUNNING + sagas.COMPENSATING : null,
      sagas: sagas ?? null,
      parked: of(({ parked }) => parked),
      unpublished: of(({ outbox }) => outbox.unpublished),
      oldestUnpublishedMs: Math.max(0, ...said.map(({ standing }) => Math.round(standing?.outbox.oldestAgeMs ?? 0))),
      lag: position ? lagsOf(said, position) : {},
      health: Object.fromEntries(said.map((one) => [one.service, healthOf(one)])),
    };
  }

  private async ask(context: RequestContext, service: ServiceName): Promise<Said> {
    const [standing, readiness] = await Promise.all([
      this.from(context, service, '/standing', StandingView),
      this.from(context, service, '/health/ready', ReadinessView),
    ]);
    return { service, standing, isReady: readiness?.status === 'ok' };
  }

  /** Whatever is wrong with it, the service does not say it. */
  private async from<Answer extends z.ZodType>(
    context: RequestContext,
    service: ServiceName,
    path: string,
    answer: Answer,
  ): Promise<z.output<Answer> | undefined> {
    try {
      return (await this.services.named(service).request(context, { path, answer, answerMs: ANSWER_MS })).body;
    } catch (error) {
      this.logger.debug('a service did not say how it is', { service, path, error });
      return undefined;
    }
  }
}

/** A service that is not ready answers 503, as one that is not there does: the other question tells them apart. */
const healthOf = ({ standing, isReady }: Said): Tick['health'][string] =>
  isReady ? 'ok' : standing ? 'down' : 'unreachable';

/** By group. One whose positions are not known is left out. */
function lagsOf(said: readonly Said[], position: StreamPosition): Record<string, number> {
  const ends = new Map(position.all.map(({ topic, partition, next }) => [`${topic}/${partition}`, next]));
  const lags: Record<string, number> = {};
  for (const { standing } of said) {
    if (!standing?.group) continue;
    const behind = standing.group.positions.map(({ topic, partition, committed }) => {
      const end = ends.get(`${topic}/${partition}`) ?? 0n;
      return committed === null ? 0n : end - BigInt(committed);
    });
    lags[standing.group.id] = Number(behind.reduce((sum, one) => (one > 0n ? sum + one : sum), 0n));
  }
  return lags;
}
