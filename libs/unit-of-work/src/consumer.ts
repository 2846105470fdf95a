import { decode, InvalidMessageError, type Message } from '@backstep/contracts';
import { toDelivered, type Delivered, type ParkedMessage } from '@backstep/inbox';
import { ReplayFailedError } from './errors.js';
import type { Handlers } from './handler.js';
import type { UnitOfWork } from './unit-of-work.js';
import { identify, workOf, type MessageWork, type PoisonWork, type Work } from './work.js';

/** Held messages that are let go with one call. */
const RELEASE_MAX = 500;

/** Turns what Kafka delivered into work, and parked messages into work again. */
export class MessageConsumer {
  constructor(
    private readonly unitOfWork: UnitOfWork,
    private readonly handlers: Handlers,
  ) {}

  /**
   * Resolves when every message is handled, parked, or known to be none of ours: durably, so that offsets may be resolved.
   * @throws an error with `retryable: true` when they must be delivered again: the database is away.
   */
  async deliver(batch: readonly Delivered[]): Promise<void> {
    const pending = batch.flatMap((delivered) => this.take(delivered) ?? []);
    this.unitOfWork.submit(pending.map(({ work }) => work));
    // All must settle before the offsets are touched, also when the first one fails.
    const outcomes = await Promise.allSettled(pending.map(({ done }) => done));
    for (const outcome of outcomes) if (outcome.status === 'rejected') throw outcome.reason;
  }

  /**
   * Handles a parked message once more, then what waited behind it.
   * @returns false when there is none with this id.
   * @throws ReplayFailedError when it failed again (it stays parked, with the new cause), or waits behind a poisoned message of its key.
   */
  async replay(id: string): Promise<boolean> {
    const parked = await this.unitOfWork.parkingLot.find(id);
    if (!parked || parked.state === 'discarded') return false;
    if (parked.state === 'held')
      throw new ReplayFailedError(`the message ${id} waits behind another: replay or discard that one`);
    if (!(await this.again(parked))) throw new ReplayFailedError(`the message ${id} failed again`);
    await this.releaseHeld();
    return true;
  }

  /** Gives a poisoned message up and lets go what waited behind it. @returns false when there is none. */
  async discard(id: string): Promise<boolean> {
    const discarded = await this.unitOfWork.parkingLot.discard(id);
    if (discarded) await this.releaseHeld();
    return discarded;
  }

  /** Lets go what is held though nothing in front of it is poisoned any more; one after the other, a failing one holds its key again. */
  async releaseHeld(): Promise<void> {
    const failedKeys = new Set<string>();
    for (const parked of await this.unitOfWork.parkingLot.released(RELEASE_MAX)) {
      if (!failedKeys.has(parked.key) && !(await this.again(parked))) failedKeys.add(parked.key);
    }
  }

  /** @returns false when it failed, and that is noted. */
  private async again(parked: ParkedMessage): Promise<boolean> {
    const taken = this.take(toDelivered(parked), true);
    const lot = this.unitOfWork.parkingLot;
    if (taken === undefined) {
      await lot.failedAgain(parked.id, 'no_handler', `nobody handles ${parked.type ?? 'it'} here any more`);
      return false;
    }
    if (taken.work.kind === 'poison') {
      await lot.failedAgain(parked.id, taken.work.cause, taken.work.error);
      return false;
    }
    this.unitOfWork.submit([taken.work]);
    try {
      await taken.done;
      return true;
    } catch (error) {
      if ((error as { retryable?: boolean }).retryable) {
        // Another instance may have been first: then the row is gone, and all is well.
        if ((await lot.find(parked.id)) === undefined) return true;
        throw error;
      }
      await lot.failedAgain(parked.id, 'handler_failed', String(error));
      return false;
    }
  }

  /** @returns undefined for an event that this service does not handle. */
  private take(delivered: Delivered, replay = false): { work: Work; done: Promise<unknown> } | undefined {
    const identity = identify(delivered);
    const poison = (cause: string, error: string) =>
      workOf<PoisonWork>((settle) => ({ kind: 'poison', ...identity, delivered, cause, error, settle }));
    if (delivered.unreadable) return poison(delivered.unreadable.cause, delivered.unreadable.error);
    let message: Message;
    try {
      message = decode(delivered);
    } catch (error) {
      if (error instanceof InvalidMessageError) return poison(error.reason, error.message);
      throw error;
    }
    const handler = this.handlers.find(message.type);
    if (!handler) return isEvent(delivered) ? undefined : poison('no_handler', `nobody handles ${message.type} here`);
    return workOf<MessageWork>((settle) => ({
      kind: 'message',
      ...identity,
      delivered,
      message,
      handler,
      replay,
      settle,
    }));
  }
}

const isEvent = ({ topic }: Delivered): boolean => topic.endsWith('.events');
