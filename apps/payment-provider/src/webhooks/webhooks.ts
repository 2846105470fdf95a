import { backoffMs, type BackoffPolicy } from '@backstep/resilience';
import { type Logger, type Metrics, randomHex } from '@backstep/service';
import { setTimeout as delay } from 'node:timers/promises';
import type { Counter } from 'prom-client';
import type { ProviderConfig } from '../config.js';
import type { Journal } from '../journal/journal.js';
import type { Ledger } from '../ledger/ledger.js';
import type { LedgerRecord, WebhookRecord } from '../ledger/records.js';
import { Endpoint } from './endpoint.js';
import { eventOf } from './events.js';
import { Slots } from './slots.js';

/** Limits of what is sent. */
export interface WebhookLimits {
  /** Events that wait for their delivery. A further one is left out: the payment service repeats its requests all the same. */
  readonly waitingMax: number;
  /** Deliveries at a time. */
  readonly concurrency: number;
  /** Deliveries of one event that fail, before the event is given up. They begin anew when the process starts again. */
  readonly attemptsMax: number;
  readonly retry: BackoffPolicy;
  /** In the mode `unruly`: by how much each delivery is late at most, milliseconds. */
  readonly lateMs: number;
}

/** Twenty attempts take some ten minutes. */
export const WEBHOOK_LIMITS: WebhookLimits = {
  waitingMax: 10_000,
  concurrency: 8,
  attemptsMax: 20,
  retry: { baseMs: 200, capMs: 60_000 },
  lateMs: 2_000,
};

/** What webhooks are made and sent with. */
export interface WebhookParts {
  readonly ledger: Ledger;
  readonly journal: Journal;
  readonly logger: Pick<Logger, 'info' | 'warn'>;
  readonly metrics: Pick<Metrics, 'counter'>;
  readonly limits?: WebhookLimits;
}

const EVENT_ID_BYTES = 12;
/** How long deliveries that have begun may take when the process stops, milliseconds. */
const STOP_WITHIN_MS = 1_000;

/**
 * Sends events, each until it is taken or given up. They are in the journal from when they are due until then, so `kill -9` loses none. One whose
 * answer was lost comes again, and a later one may come before an earlier one, as with Stripe.
 */
export class Webhooks {
  private readonly limits: WebhookLimits;
  private readonly counted: Counter<'outcome'>;
  private readonly slots: Slots;
  private readonly stopping = new AbortController();
  private readonly breaking = new AbortController();
  private readonly deliveries = new Set<Promise<void>>();

  constructor(
    private readonly endpoint: Endpoint,
    private readonly mode: ProviderConfig['WEBHOOKS'],
    private readonly parts: WebhookParts,
  ) {
    this.limits = parts.limits ?? WEBHOOK_LIMITS;
    this.slots = new Slots(this.limits.concurrency);
    this.counted = parts.metrics.counter(
      'backstep_webhooks_sent_total',
      'Webhooks; outcome is taken, failed (one delivery), given_up, or left_out (too many wait)',
      ['outcome'],
    );
    for (const webhook of parts.ledger.webhooksDue.values()) this.track(this.send(webhook));
    parts.ledger.webhooksDue.clear();
  }

  /** @returns undefined when no endpoint is configured @throws Error when it may not be used */
  static of(config: Partial<ProviderConfig>, parts: WebhookParts): Webhooks | undefined {
    const { WEBHOOK_URL: url = '', WEBHOOK_SECRET: secret = '', WEBHOOK_HOSTS: hosts = [] } = config;
    if (url === '') return undefined;
    return new Webhooks(Endpoint.at(url, { secret, hosts }), config.WEBHOOKS ?? 'unanswered', parts);
  }

  /** A record was made. To be called in the turn in which it is added to the journal. */
  made(record: LedgerRecord): void {
    if (this.mode !== 'unanswered') this.due(record);
  }

  /** Nobody took the answer that told of this record. */
  unheard(record: LedgerRecord): void {
    if (this.mode === 'unanswered') this.due(record);
  }

  /** Begins no delivery any more, and soon breaks off those that have begun. The next process makes those that are not finished. */
  async stop(): Promise<void> {
    this.stopping.abort();
    const timer = setTimeout(() => this.breaking.abort(), STOP_WITHIN_MS);
    await Promise.all(this.deliveries);
    clearTimeout(timer);
  }

  private due(record: LedgerRecord): void {
    if (this.stopping.signal.aborted) return;
    if (this.deliveries.size >= this.limits.waitingMax) {
      this.counted.inc({ outcome: 'left_out' });
      return;
    }
    const webhook: WebhookRecord = {
      kind: 'webhook',
      id: `evt_${randomHex(EVENT_ID_BYTES)}`,
      of: record.id,
      refunded: record.kind === 'refund' ? this.parts.ledger.refundedBy(record.intent) : undefined,
      createdAt: Date.now(),
    };
    this.parts.journal.append(JSON.stringify(webhook));
    this.track(this.send(webhook));
  }

  /** @param delivery does not reject */
  private track(delivery: Promise<void>): void {
    this.deliveries.add(delivery);
    void delivery.then(() => this.deliveries.delete(delivery));
  }

  private async send(webhook: WebhookRecord): Promise<void> {
    const { journal, ledger, logger } = this.parts;
    const isUnruly = this.mode === 'unruly';
    try {
      await journal.durable();
      const payload = JSON.stringify(await eventOf(ledger, webhook));
      for (let time = isUnruly ? 2 : 1; time > 0; time--) {
        if (isUnruly) await this.pause(Math.random() * this.limits.lateMs);
        await this.untilTaken(webhook, payload);
      }
      journal.append(JSON.stringify({ kind: 'webhook-ended', id: webhook.id }));
      await journal.durable();
    } catch (error) {
      // The process stops, or its journal has failed: the event stays in the journal.
      if (!this.stopping.signal.aborted)
        logger.warn('a webhook stays for the next start', { eventId: webhook.id, error });
    }
  }

  private async untilTaken({ id }: WebhookRecord, payload: string): Promise<void> {
    const { attemptsMax, retry } = this.limits;
    for (let attempt = 0; attempt < attemptsMax; attempt++) {
      if (attempt > 0) await this.pause(backoffMs(retry, attempt - 1));
      try {
        await this.slots.use(() => this.deliver(payload));
        this.counted.inc({ outcome: 'taken' });
        return;
      } catch (error) {
        this.stopping.signal.throwIfAborted();
        this.counted.inc({ outcome: 'failed' });
        if (attempt === 0) this.parts.logger.info('a webhook was not taken; it is sent again', { eventId: id, error });
      }
    }
    this.counted.inc({ outcome: 'given_up' });
    this.parts.logger.warn('a webhook was not taken, and is given up', { eventId: id, attempts: attemptsMax });
  }

  private async deliver(payload: string): Promise<void> {
    this.stopping.signal.throwIfAborted();
    await this.endpoint.deliver(payload, this.breaking.signal);
  }

  private async pause(milliseconds: number): Promise<void> {
    await delay(milliseconds, undefined, { signal: this.stopping.signal, ref: false });
  }
}
