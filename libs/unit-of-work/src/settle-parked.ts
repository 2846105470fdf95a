import { newId } from '@backstep/messages';
import {
  type SeenMessage,
  type OperatedMessage,
  type ParkedAction,
  type ParkedMessage,
  type ParkedOperation,
  type ParkedOperations,
  type ParkedOperator,
  type ParkedOutcome,
  type StoredOperation,
} from '@backstep/inbox';
import type { Decided } from './dry-run.js';
import {
  NotParkedError,
  parkedAs,
  ParkedKeyReusedError,
  ParkedMovedOnError,
  ReplayFailedError,
  SettleRefusedError,
} from './errors.js';
import type { UnitOfWork } from './unit-of-work.js';
import type { Replay, Work } from './work.js';

/** Held messages that one call releases, and that an answer names. */
const RELEASE_MAX = 500;

/** What is to be done to a parked message, and which version of it was looked at. */
export interface ParkedTarget {
  readonly id: string;
  readonly action: ParkedAction;
  readonly expectedVersion: number;
}

/** What an operator wants, and why: see {@link ParkedMessages.settle}. */
export interface SettleRequest extends ParkedTarget {
  readonly operator: ParkedOperator;
}

/** What became of a parked message, or of a dry run would. */
export interface Settled {
  readonly state: ParkedOutcome;
  /** What it was. */
  readonly message: OperatedMessage;
  /** What waited behind it and is free now, in the order in which it is handled; at most 500. */
  readonly released: readonly ParkedMessage[];
}

export interface SettledByOperator extends Settled {
  /** A request with the same key has done it before: nothing was done now, and nothing released. */
  readonly replayed: boolean;
}

export interface SettledDry extends Settled {
  /** Of a replay that would succeed. */
  readonly decision: Decided | undefined;
  /** Of a replay that would fail again: it would stay poisoned. */
  readonly failure: { readonly cause: string; readonly error: string } | undefined;
}

type Again = 'handled' | 'gone' | { readonly cause: string; readonly error: string };

interface Parts {
  readonly unitOfWork: Pick<UnitOfWork, 'parkingLot' | 'submit' | 'dryRun'>;
  readonly operations: ParkedOperations;
  /** Undefined: nobody handles it here any more. */
  take(parked: ParkedMessage, replay: Replay): { work: Work; done: Promise<unknown> } | undefined;
}

/** Settles parked messages: each is handled once more, or given up, and then what waited behind it follows. */
export class ParkedMessages {
  constructor(private readonly parts: Parts) {}

  /**
   * Does what an operator wants, if the message still is what the operator saw. Who, what and why are stored in the same write.
   * @throws NotParkedError, ParkedMovedOnError, ParkedKeyReusedError, SettleRefusedError; ReplayFailedError: it stays parked
   */
  async settle(request: SettleRequest): Promise<SettledByOperator> {
    const { action, operator } = request;
    const done = await this.doneBefore(request);
    if (done) return { state: done.outcome, message: done.message, released: [], replayed: true };
    const seen = await this.seen(request);
    const { parkingLot } = this.parts.unitOfWork;
    const released = await parkingLot.releasedBy(seen, RELEASE_MAX);
    const operation: ParkedOperation = { ...operator, id: newId(), messageId: seen.id, action };
    if (action === 'discard') {
      if (!(await parkingLot.discard(seen, operation))) throw await this.movedOn(request);
    } else {
      await this.handled(seen, request, operation);
    }
    // What cannot be released now is by the job that does it from time to time, and that tells why it cannot.
    await this.releaseHeld().catch(() => undefined);
    return { state: outcomeOf(action), message: operated(seen), released, replayed: false };
  }

  /** What {@link settle} would do; nothing is done, and nothing stored. @throws the same */
  async dryRun(target: ParkedTarget): Promise<SettledDry> {
    const { unitOfWork, take } = this.parts;
    const seen = await this.seen(target);
    const would = { message: operated(seen), released: await unitOfWork.parkingLot.releasedBy(seen, RELEASE_MAX) };
    if (target.action === 'discard') return { ...would, state: 'discarded', decision: undefined, failure: undefined };
    const failing = (cause: string, error: string): SettledDry => {
      return { ...would, state: 'poisoned', released: [], decision: undefined, failure: { cause, error } };
    };
    const taken = take(seen, { attempts: seen.attempts });
    if (!taken) return failing('no_handler', nobodyHandles(seen));
    if (taken.work.kind === 'poison') return failing(taken.work.cause, taken.work.error);
    try {
      const decision = await unitOfWork.dryRun(taken.work);
      return { ...would, state: 'handled', decision, failure: undefined };
    } catch (error) {
      if (isRetryable(error)) throw (await this.hasMovedOn(target)) ?? error;
      return failing(parkedAs(error), String(error));
    }
  }

  /**
   * Handles a parked message once more, then what was held behind it.
   * @returns false when no message is parked with this id.
   * @throws ReplayFailedError when the message failed again (it stays parked, with the new cause), is not the first of its key, or is cut.
   */
  async replay(id: string): Promise<boolean> {
    const parked = await this.parts.unitOfWork.parkingLot.find(id);
    if (!parked || parked.state === 'discarded') return false;
    await this.refuse(parked, 'replay');
    const again = await this.again(parked, {});
    if (typeof again === 'object') throw failedAgain(again.error);
    await this.releaseHeld();
    return true;
  }

  /** Discards a poisoned message and releases those held behind it. @returns false when no poisoned message has this id. */
  async discard(id: string): Promise<boolean> {
    const discarded = await this.parts.unitOfWork.parkingLot.discard({ id });
    if (discarded) await this.releaseHeld();
    return discarded;
  }

  /** Handles held messages with no poisoned one of their key before them, one after the other. One that fails holds its key again. */
  async releaseHeld(): Promise<void> {
    const failedKeys = new Set<string>();
    for (const parked of await this.parts.unitOfWork.parkingLot.released(RELEASE_MAX)) {
      if (failedKeys.has(parked.key)) continue;
      if (typeof (await this.again(parked, {})) === 'object') failedKeys.add(parked.key);
    }
  }

  private async handled(seen: SeenMessage, request: SettleRequest, operation: ParkedOperation): Promise<void> {
    let again: Again;
    try {
      again = await this.again(seen, { attempts: seen.attempts, operation });
    } catch (error) {
      throw (await this.hasMovedOn(request)) ?? error;
    }
    if (again === 'gone') throw await this.movedOn(request);
    if (again !== 'handled') throw failedAgain(again.error);
  }

  /** The operation of an earlier request with the same key. @throws ParkedKeyReusedError */
  private async doneBefore({ id, action, operator }: SettleRequest): Promise<StoredOperation | undefined> {
    if (operator.key === undefined) return undefined;
    const settled = await this.parts.operations.settled(id);
    if (settled?.key !== operator.key) return undefined;
    if (settled.action === action && settled.by === operator.by && settled.reason === operator.reason) return settled;
    throw new ParkedKeyReusedError(settled.action, settled.reason);
  }

  /** @throws NotParkedError, ParkedMovedOnError, SettleRefusedError */
  private async seen(target: ParkedTarget): Promise<SeenMessage> {
    const found = await this.parts.unitOfWork.parkingLot.look(target.id);
    if (!found || found.version !== target.expectedVersion) throw await this.movedOn(target, found);
    await this.refuse(found, target.action);
    return found;
  }

  /** @throws SettleRefusedError */
  private async refuse(parked: ParkedMessage, action: ParkedAction): Promise<void> {
    const { id, state, cut } = parked;
    const refused = action === 'replay' ? ReplayFailedError : SettleRefusedError;
    if (state === 'discarded') throw new refused(`The message ${id} is given up: nothing more can be done to it.`);
    if (state === 'held') throw new refused(`The message ${id} waits behind another: replay or discard that one.`);
    if (action === 'discard') return;
    if (cut) throw new refused(cutMessage(parked));
    const first = await this.parts.unitOfWork.parkingLot.before(parked);
    if (first) throw new refused(`The message ${first.id} of its key comes before ${id}: ${turnOf(first)}`);
  }

  private async hasMovedOn(target: ParkedTarget): Promise<Error | undefined> {
    const now = await this.parts.unitOfWork.parkingLot.look(target.id);
    return now?.version === target.expectedVersion ? undefined : this.movedOn(target, now);
  }

  /** Nobody acts on what has moved on. @param now looked up when it is not given */
  private async movedOn({ id, expectedVersion }: ParkedTarget, now?: SeenMessage): Promise<Error> {
    const { unitOfWork, operations } = this.parts;
    const current = now ?? (await unitOfWork.parkingLot.look(id));
    const settled =
      current?.state === 'poisoned' || current?.state === 'held' ? undefined : await operations.settled(id);
    return current || settled ? new ParkedMovedOnError(id, expectedVersion, current, settled) : new NotParkedError(id);
  }

  /** A message that fails is stored with why. @throws an error with `retryable: true` when it can be tried again */
  private async again(parked: ParkedMessage, replay: Replay): Promise<Again> {
    const { unitOfWork, take } = this.parts;
    const { parkingLot } = unitOfWork;
    const taken = take(parked, replay);
    const failed = async (cause: string, error: string): Promise<Again> => {
      await parkingLot.failedAgain(parked.id, cause, error, replay.operation);
      return { cause, error };
    };
    if (taken === undefined) return failed('no_handler', nobodyHandles(parked));
    if (taken.work.kind === 'poison') return failed(taken.work.cause, taken.work.error);
    unitOfWork.submit([taken.work]);
    try {
      await taken.done;
      return 'handled';
    } catch (error) {
      if (!isRetryable(error)) return failed(parkedAs(error), String(error));
      // Another instance may have replayed it first: then the row is gone, and nothing is left to do.
      if ((await parkingLot.find(parked.id)) === undefined) return 'gone';
      throw error;
    }
  }
}

const isRetryable = (error: unknown): boolean => (error as { readonly retryable?: unknown }).retryable === true;

const outcomeOf = (action: ParkedAction): ParkedOutcome => (action === 'replay' ? 'handled' : 'discarded');

const operated = (message: ParkedMessage): OperatedMessage => {
  const { id, key, type, topic, partition, offset, cause, attempts } = message;
  return { id, key, type, topic, partition, offset, cause, attempts };
};

const failedAgain = (error: string): ReplayFailedError =>
  new ReplayFailedError(`It failed again and stays parked: ${error}`);

const nobodyHandles = ({ type }: ParkedMessage): string => `nobody handles ${type ?? 'it'} here any more`;

const turnOf = ({ state }: ParkedMessage): string =>
  state === 'held' ? 'it is about to be handled.' : 'replay or discard that one first.';

const cutMessage = ({ id, sizeBytes, topic, partition, offset }: ParkedMessage): string =>
  `The message ${id} is not kept whole${sizeBytes === null ? '' : ` (its value has ${sizeBytes} bytes)`}, so it cannot be handled: ` +
  `discard it. It lies in ${topic}/${partition} at offset ${offset} while Kafka keeps it.`;
