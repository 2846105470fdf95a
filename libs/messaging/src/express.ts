import type { BatchConsumer, ExpressHooks } from '@backstep/kafka';
import type { ExpressOfAll } from './express-of-all.js';
import type { ExpressSocketOptions, ExpressSockets } from './express-socket/index.js';
import {
  DEFAULT_RELAY_LIMITS,
  type Express,
  type ExpressOptions,
  type OutboxMessage,
  type RelayLimits,
} from '@backstep/outbox';
import { ExpressToReaders, type ExpressLanes, type ExpressReading, type Readers } from '@backstep/unit-of-work';

/**
 * How long the rows of messages about shards that others own stay in the outbox once Kafka has them, milliseconds. Longer than a fetch of their
 * reader may be old: see docs/decisions/0057-the-barrier.md.
 */
export const FOREIGN_ROWS_KEPT_MS = 2_000;
/** The longest linger, milliseconds. */
export const LINGER_MAX_MS = 1_000;

/**
 * Messages go at once to the services that read them, beside Kafka. While a process of the service has it not, the others hand nothing over: see
 * `ExpressOfAll`.
 */
export interface ExpressRuntime {
  /** How long a message that nobody waits for by Kafka waits for others to be sent with, milliseconds. 1 to 1,000. */
  readonly lingerMs: number;
  /** Messages go to services of other processes, too. Default: to those of the same process alone. */
  readonly sockets?: ExpressSocketOptions | undefined;
}

/** The least age at which an outbox row may count as left behind, milliseconds: a row that lingers, or is kept, is not. */
export const leastLeftoverMs = ({ lingerMs }: ExpressRuntime): number => lingerMs + FOREIGN_ROWS_KEPT_MS;

/** @throws Error that names the wrong option */
export function checkExpress(
  express: ExpressRuntime | undefined,
  outboxLeftoverMs = DEFAULT_RELAY_LIMITS.sweepOlderThanMs,
): void {
  if (!express) return;
  const { lingerMs } = express;
  if (!Number.isInteger(lingerMs) || lingerMs < 1 || lingerMs > LINGER_MAX_MS)
    throw new Error(`express.lingerMs must be 1 to ${LINGER_MAX_MS}, not ${lingerMs}`);
  const least = leastLeftoverMs(express);
  if (outboxLeftoverMs < least)
    throw new Error(
      `outboxLeftoverMs must be at least ${least} with express.lingerMs ${lingerMs}, not ${outboxLeftoverMs}: other processes would send again ` +
        `what this one has in memory`,
    );
}

/** The relay's limits with express: see {@link FOREIGN_ROWS_KEPT_MS}. */
export const withForeignRowsKept = (limits: RelayLimits): RelayLimits => ({
  ...limits,
  flushForeignAfterMs: FOREIGN_ROWS_KEPT_MS,
});

/** What became of a committed message: see `backstep_express_messages_total` in docs/operations.md. */
export type ExpressOutcome = 'handed_over' | 'waits_for_kafka' | 'kafka_alone';

/** Who is to own shards, for as long as the consumer group has dealt them so. */
interface Turn {
  /** False: they may be another's by now. */
  readonly isOwner: () => boolean;
  /** They are this process's own, and what their former owner left unsent is on its way. */
  readonly own: (shards: readonly number[]) => void;
}

/** What {@link ServiceExpress} asks and calls. */
export interface ServiceExpressParts {
  readonly readers: Readers;
  readonly ofAll: Pick<ExpressOfAll, 'ask' | 'close'>;
  /** Called for each message; must not throw. */
  count(outcome: ExpressOutcome): void;
  readonly sockets?: ExpressSockets | undefined;
}

/** Express of one service: what its relay hands over, what its consumer takes, and what both learn from its consumer group. */
export class ServiceExpress {
  /** For the relay. */
  readonly sending: ExpressOptions;
  private lanes: ExpressLanes | undefined;
  private group: Pick<BatchConsumer, 'isOwner' | 'isCurrent'> | undefined;
  private turn: Turn | undefined;
  /** Topics and shards of which a message went by Kafka alone since all processes of the service have express; undefined: not all have. */
  private begun: Set<string> | undefined;
  private readonly toReaders: ExpressToReaders;

  constructor(
    { lingerMs }: ExpressRuntime,
    private readonly parts: ServiceExpressParts,
  ) {
    const { readers, sockets } = parts;
    this.toReaders = new ExpressToReaders({ ...readers, elsewhere: sockets?.peers });
    const express: Express = {
      offer: (message) => this.offer(message),
      skip: (message) => this.skip(message),
      onHurry: (hurry) => sockets?.peers.onHurry(hurry),
    };
    this.sending = { express, lingerMs };
  }

  /** For the consumer of messages. */
  reading(topics: readonly string[]): ExpressReading {
    return { topics, isCurrent: () => this.group?.isCurrent === true };
  }

  /** For the reader of Kafka. */
  readonly hooks: ExpressHooks = {
    isHandled: (topic, shard, id) => this.lanes?.isHandled(topic, shard, id) === true,
    isBehind: (topic, shard) => this.lanes?.close(topic, shard),
  };

  /** What the lanes and the consumer group are, once they are made. */
  connect(lanes: ExpressLanes | undefined, group: Pick<BatchConsumer, 'isOwner' | 'isCurrent'>): void {
    this.lanes = lanes;
    this.group = group;
  }

  /** The group has dealt shards to this process. Of those it had before, nothing is handed over and nothing is taken from now on. */
  begin(): Turn {
    void this.lanes?.letGo();
    const turn: Turn = {
      isOwner: () => this.turn === turn && this.group?.isOwner === true,
      own: (shards) => {
        if (this.turn === turn) this.lanes?.own(shards);
      },
    };
    this.turn = turn;
    this.begun = undefined;
    const isOver = (): boolean => this.turn !== turn;
    void this.parts.ofAll.ask(isOver).then((allHaveIt) => {
      if (allHaveIt && !isOver()) this.begun = new Set();
    });
    return turn;
  }

  /** The shards can go to another process. Resolves when nothing that came by express runs. */
  async letGo(): Promise<void> {
    this.turn = undefined;
    this.begun = undefined;
    await this.lanes?.letGo();
  }

  async close(): Promise<void> {
    this.turn = undefined;
    await this.parts.ofAll.close();
  }

  private offer(message: OutboxMessage): 'handed-over' | 'waits-for-kafka' {
    // What a process without express wrote until now may lie in Kafka unread.
    if (!this.begun?.has(placeOf(message))) {
      this.skip(message);
      return 'waits-for-kafka';
    }
    const taken = this.toReaders.offer(message);
    this.parts.count(taken === 'handed-over' ? 'handed_over' : 'waits_for_kafka');
    return taken;
  }

  private skip(message: OutboxMessage): void {
    this.begun?.add(placeOf(message));
    this.parts.count('kafka_alone');
    this.toReaders.skip(message);
  }
}

const placeOf = ({ topic, shard }: OutboxMessage): string => `${topic}/${shard}`;
