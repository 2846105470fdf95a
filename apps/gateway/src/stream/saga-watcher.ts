import { Inject, Injectable, type OnApplicationShutdown } from '@nestjs/common';
import { SagaView } from '@backstep/contracts/http';
import { newId } from '@backstep/messages';
import { Logger, newContext } from '@backstep/service';
import { ENDED } from '../representations/saga.js';
import { Services } from '../services/services.js';
import { MessageHub, type HubClient } from './message-hub.js';
import type { StreamedMessage } from './streamed-message.js';

/** How long after its message a saga is read, milliseconds: by then the orchestrator has handled it, and several messages are one reading. */
const READ_AFTER_MS = 250;
/** A saga that has not ended is looked at once more, so long after its last message, in case the orchestrator was slow. */
const READ_AGAIN_AFTER_MS = 2_000;
const LOOK_EVERY_MS = 250;
/** Sagas that one look reads: 80 requests a second. */
const READ_MAX = 20;
/** Sagas that wait to be read, and that are known. */
const SAGAS_MAX = 1_000;
const ANSWER_MS = 1_000;

const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;

/** Where a saga stands. */
export interface SagaChange {
  readonly id: string;
  readonly orderId: string;
  readonly state: SagaView['state'];
  readonly version: number;
}

export interface SagaListener {
  changed(saga: SagaChange): void;
  /** More sagas move than can be read: these are not told. */
  missed(count: number): void;
}

interface Due {
  readonly atMs: number;
  readonly isSecondLook: boolean;
}

/** Reads sagas that messages tell of, while somebody watches, and tells how they stand when they have moved. */
@Injectable()
export class SagaWatcher implements HubClient, OnApplicationShutdown {
  private readonly listeners = new Set<SagaListener>();
  private readonly due = new Map<string, Due>();
  /** The last version of each saga that was told, the oldest first. */
  private readonly told = new Map<string, number>();
  private watching: { readonly timer: NodeJS.Timeout; readonly leave: () => void } | undefined;
  private isReading = false;

  constructor(
    @Inject(Services) private readonly services: Services,
    @Inject(MessageHub) private readonly hub: MessageHub,
    @Inject(Logger) private readonly logger: Logger,
  ) {}

  /** @returns what ends it */
  watch(listener: SagaListener): () => void {
    this.listeners.add(listener);
    this.watching ??= {
      leave: this.hub.join(this).leave,
      timer: setInterval(() => void this.look(), LOOK_EVERY_MS),
    };
    return () => {
      this.listeners.delete(listener);
      if (this.listeners.size === 0) this.end();
    };
  }

  message({ message: { headers } }: StreamedMessage): void {
    const id = headers['ce_sagaid'];
    if (id === undefined || !UUID.test(id)) return;
    const known = this.due.get(id);
    if (known && !known.isSecondLook) return;
    if (!known && this.due.size >= SAGAS_MAX) {
      for (const listener of this.listeners) listener.missed(1);
      return;
    }
    this.due.set(id, { atMs: performance.now() + READ_AFTER_MS, isSecondLook: false });
  }

  kafka(): void {
    // Told to each stream by itself.
  }

  lost(): void {
    // Sagas are no part of the log.
  }

  onApplicationShutdown(): void {
    this.listeners.clear();
    this.end();
  }

  private end(): void {
    if (!this.watching) return;
    clearInterval(this.watching.timer);
    this.watching.leave();
    this.watching = undefined;
    this.due.clear();
    this.told.clear();
  }

  private async look(): Promise<void> {
    if (this.isReading) return;
    this.isReading = true;
    try {
      const now = performance.now();
      const ids = [...this.due].filter(([, { atMs }]) => atMs <= now).slice(0, READ_MAX);
      await Promise.all(ids.map(([id, due]) => this.read(id, due)));
    } finally {
      this.isReading = false;
    }
  }

  private async read(id: string, { isSecondLook }: Due): Promise<void> {
    this.due.delete(id);
    let saga: SagaView;
    try {
      const request = { path: `/sagas/${id}`, answer: SagaView, answerMs: ANSWER_MS };
      saga = (await this.services.orchestrator.request(newContext(newId(), undefined), request)).body;
    } catch (error) {
      this.logger.debug('a saga could not be read for the streams', { sagaId: id, error });
      return;
    }
    if (!this.watching) return;
    if (!isSecondLook && !ENDED.has(saga.state) && !this.due.has(id))
      this.due.set(id, { atMs: performance.now() + READ_AGAIN_AFTER_MS, isSecondLook: true });
    if (this.told.get(id) === saga.version) return;
    this.remember(id, saga.version);
    const change = { id, orderId: saga.subject, state: saga.state, version: saga.version };
    for (const listener of this.listeners) listener.changed(change);
  }

  private remember(id: string, version: number): void {
    this.told.delete(id);
    this.told.set(id, version);
    const [oldest] = this.told.keys();
    if (this.told.size > SAGAS_MAX && oldest !== undefined) this.told.delete(oldest);
  }
}
