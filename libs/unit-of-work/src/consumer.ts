import { InvalidMessageError, versionOf, type Catalogue } from '@backstep/messages';
import { toDelivered, type Delivered, type ParkedMessage } from '@backstep/inbox';
import type { OutboxMessage } from '@backstep/outbox';
import { pausePoint, pausePointsArmed } from '@backstep/resilience';
import { ExpressLanes, type Reading } from './express/lanes.js';
import type { Handled, Handlers } from './handler.js';
import { SILENT, type UnitOfWorkObserver } from './observer.js';
import { ParkedMessages } from './settle-parked.js';
import type { UnitOfWork } from './unit-of-work.js';
import { identify, workOf, type MessageWork, type PoisonWork, type Replay, type Work } from './work.js';

/** The offset of a message that came by express: its place in Kafka is not known yet. */
const NO_OFFSET = '-1';

/** Where a record comes from. */
interface Taking {
  readonly express?: boolean;
  /** It is a parked message, whose id and key stay as they were parked. */
  readonly parked?: Pick<ParkedMessage, 'id' | 'key'>;
  readonly replay?: Replay;
}
const BY_KAFKA: Taking = {};

/** For a consumer that takes messages by express, beside Kafka. */
export interface ExpressReading extends Reading {
  /** Topics that the consumer reads. */
  readonly topics: readonly string[];
}

/** Turns delivered records into work, and parked messages into work again. */
export class MessageConsumer {
  /** What comes by express. Undefined: everything comes by Kafka. */
  readonly lanes: ExpressLanes | undefined;
  /** What is parked, for operators. */
  readonly parked: ParkedMessages;

  /** @param express absent: everything comes by Kafka */
  constructor(
    private readonly unitOfWork: UnitOfWork,
    private readonly handlers: Handlers,
    private readonly catalogue: Catalogue,
    private readonly observer: UnitOfWorkObserver = SILENT,
    express?: ExpressReading,
  ) {
    this.parked = new ParkedMessages({
      unitOfWork,
      operations: unitOfWork.parkedOperations,
      take: (parked, replay) => this.take(toDelivered(parked), { parked, replay }),
    });
    if (!express) return;
    const handles = (message: Pick<Delivered, 'topic' | 'headers'>): boolean => this.handledIn(message) !== undefined;
    this.lanes = new ExpressLanes(
      {
        topics: express.topics,
        handles,
        concerns: (delivered) => handles(delivered) || !delivered.topic.endsWith('.events') || !!delivered.unreadable,
        run: (message) => this.runExpress(message),
      },
      express,
    );
  }

  /**
   * Resolves when every message is committed as handled or parked, or passed over. Then the caller may resolve their offsets.
   * @throws an error with `retryable: true` when the messages must be delivered again: the database is away.
   */
  async deliver(batch: readonly Delivered[]): Promise<void> {
    const { lanes } = this;
    if (!lanes) return this.handleAll(batch);
    const left = await lanes.arrived(batch);
    await this.handleAll(left);
    lanes.settled(left);
  }

  private async handleAll(batch: readonly Delivered[]): Promise<void> {
    const pending = batch.flatMap((delivered) => this.take(delivered) ?? []);
    this.unitOfWork.submit(pending.map(({ work }) => work));
    // Not `Promise.all`: every message must settle before the caller resolves or resets offsets.
    const outcomes = await Promise.allSettled(pending.map(({ done }) => done));
    for (const outcome of outcomes) if (outcome.status === 'rejected') throw outcome.reason;
  }

  /**
   * Handles a message that was handed over by express. A message that fails is not parked: Kafka's copy is, with its place.
   * @returns whether it is committed
   */
  private async runExpress({ topic, shard: partition, key, headers, value }: OutboxMessage): Promise<boolean> {
    if (pausePointsArmed()) await pausePoint('express.before-handing-over');
    const delivered = { topic, partition, offset: NO_OFFSET, key, headers, value, timestamp: Date.now() };
    const taken = this.take(delivered, { express: true });
    if (taken?.work.kind !== 'message') return false;
    this.unitOfWork.submit([taken.work]);
    const committed = await taken.done.then(
      () => true,
      () => false,
    );
    if (committed && pausePointsArmed()) await pausePoint('express.after-commit');
    return committed;
  }

  /** See {@link ParkedMessages.replay}. */
  replay(id: string): Promise<boolean> {
    return this.parked.replay(id);
  }

  /** See {@link ParkedMessages.discard}. */
  discard(id: string): Promise<boolean> {
    return this.parked.discard(id);
  }

  /** See {@link ParkedMessages.releaseHeld}. */
  releaseHeld(): Promise<void> {
    return this.parked.releaseHeld();
  }

  /** @returns undefined for an event that this service does not handle */
  private take(delivered: Delivered, how: Taking = BY_KAFKA): { work: Work; done: Promise<unknown> } | undefined {
    const { id, key } = how.parked ?? identify(delivered);
    const poison = (cause: string, error: string) =>
      workOf<PoisonWork>((settle) => ({ kind: 'poison', id, key, delivered, cause, error, settle }));
    if (delivered.unreadable) return poison(delivered.unreadable.cause, delivered.unreadable.error);
    try {
      const known = this.handledIn(delivered);
      if (known === undefined && this.isPassedOver(delivered)) return undefined;
      const message = this.catalogue.decode(delivered, known?.definition);
      if (!known) return poison('no_handler', `nobody handles ${message.type} here`);
      const { replay, express = false } = how;
      return workOf<MessageWork>((settle) => ({
        kind: 'message',
        id,
        key,
        delivered,
        message,
        handler: known.handler,
        replay,
        express,
        settle,
      }));
    } catch (error) {
      // A parser may throw anything on arbitrary bytes. Only this message is affected: it is parked as unreadable.
      return error instanceof InvalidMessageError
        ? poison(error.reason, error.message)
        : poison('unreadable', String(error));
    }
  }

  /** A message counts only on its own topic, since Kafka's rights say who may write to which topic. */
  private handledIn({ headers, topic }: Pick<Delivered, 'topic' | 'headers'>): Handled | undefined {
    const type = headers['ce_type'];
    const version = versionOf(headers);
    if (type === undefined || version === undefined) return undefined;
    const found = this.handlers.find(type, version);
    return found?.definition.topic === topic ? found : undefined;
  }

  /**
   * An event without a handler is passed over; a command without one is parked, since commands are for this service alone. An event that
   * the catalogue does not know is reported to the observer: its writer may be newer than this process.
   */
  private isPassedOver({ topic, headers }: Delivered): boolean {
    const type = headers['ce_type'];
    if (!topic.endsWith('.events') || !type) return false;
    const version = versionOf(headers);
    const versions = this.handlers.versionsOf(type);
    if (version === undefined && versions.length > 0) return false;
    if (version !== undefined && this.catalogue.find(type, version)?.topic === topic) return true;
    const known = version !== undefined && versions.includes(version);
    const reason = known ? 'wrong_topic' : versions.length > 0 ? 'unknown_version' : 'unknown_type';
    this.observer.skipped?.({ topic, type, version, reason });
    return true;
  }
}
