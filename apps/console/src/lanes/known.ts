import type { Evidence, ServiceEvidence } from '../api/types.js';
import { type Position, positionText } from './position.js';

/** What one service has said about the messages of an order. */
export class KnownOf {
  private readonly inbox: ReadonlyMap<string, number>;
  private readonly dropped: ReadonlyMap<string, number>;
  private readonly parked: ReadonlyMap<string, ServiceEvidence['parked'][number]>;
  private readonly outbox: ReadonlyMap<string, number>;
  /** The next offset that its group reads, by topic and partition; null: it has read nothing yet. */
  private readonly committed: ReadonlyMap<string, bigint | null>;

  constructor(readonly said: ServiceEvidence) {
    this.inbox = new Map(said.inbox.map(({ messageId, receivedAt }) => [messageId, Date.parse(receivedAt)]));
    this.dropped = new Map(said.dropped.map((one) => [positionText(one), Date.parse(one.at)]));
    this.parked = new Map(said.parked.map((one) => [one.id, one]));
    this.outbox = new Map(said.outbox.map(({ id, createdAt }) => [id, Date.parse(createdAt)]));
    this.committed = new Map(
      (said.group?.positions ?? []).map(({ topic, partition, committed }) => [
        `${topic}/${partition}`,
        committed === null ? null : BigInt(committed),
      ]),
    );
  }

  /** When its inbox got the message, in ms since 1970; undefined: it has not, or has forgotten. */
  receivedAt(messageId: string | undefined): number | undefined {
    return messageId === undefined ? undefined : this.inbox.get(messageId);
  }

  /** When it committed the message, in ms since 1970; undefined: its outbox has it no more, or never had it. */
  committedAt(messageId: string): number | undefined {
    return this.outbox.get(messageId);
  }

  parkedMessage(messageId: string | undefined): ServiceEvidence['parked'][number] | undefined {
    return messageId === undefined ? undefined : this.parked.get(messageId);
  }

  /** When it dropped the record, where it has seen it do so. */
  droppedAt(record: Position): number | undefined {
    return this.dropped.get(positionText(record));
  }

  /** Whether its group is past a record; undefined: it does not read the topic, or Kafka does not say. */
  isPast({ topic, partition, offset }: Position): boolean | undefined {
    const committed = this.committed.get(`${topic}/${partition}`);
    return committed === undefined ? undefined : committed !== null && committed > BigInt(offset);
  }
}

/** What services have said about an order: those that did not answer are missing. */
export interface Known {
  readonly services: ReadonlyMap<string, KnownOf>;
  readonly missing: ReadonlySet<string>;
}

export const knownOf = ({ services, missing }: Pick<Evidence, 'services' | 'missing'>): Known => ({
  services: new Map(services.map((said) => [said.service, new KnownOf(said)])),
  missing: new Set(
    missing.map(({ source }) => source).filter((source) => !services.some((one) => one.service === source)),
  ),
});
