import { headersOf } from '@backstep/outbox';
import type { LogRecord } from '../kafka/log.js';
import type { Commit, OutboxRow } from '../postgres/store.js';
import { ViolationError } from '../world/violation.js';
import type { Watcher, World } from '../world/world.js';

export interface SentMessage {
  readonly id: string;
  readonly type: string;
  readonly service: string;
  readonly key: string;
  readonly sagaId: string | undefined;
  readonly commandId: string | undefined;
  readonly causationId: string | undefined;
  /** Sender, topic and key: within it messages have an order. */
  readonly place: string;
  /** Its number among all that were committed. */
  readonly number: number;
}

/**
 * The invariants of messages and rows of any kind, checked with every commit and every record of Kafka:
 * I10 nothing is in Kafka that was not committed, no outbox row is deleted before Kafka has its message, no offset passes a message that was
 * not handled; order: a service handles the messages of a key and topic in the order of their commits; I11 no write overwrites a change that it has not read, and a service's messages of a key reach Kafka in the order of its
 * commits; I12 no message has its effect twice; I13 only messages that cannot be handled, and those behind them, are parked, and none behind
 * them is handled.
 */
export class MessageInvariants implements Watcher {
  /** Every message that a service has committed. */
  readonly sent = new Map<string, SentMessage>();
  private readonly inKafka = new Set<string>();
  /** By service and id. */
  private readonly handled = new Set<string>();
  private readonly effects = new Map<string, string>();
  /** Messages that Kafka does not have yet, in the order of their commits, by service, topic and key. */
  private readonly unsent = new Map<string, string[]>();

  constructor(private readonly world: World) {}

  committed(commit: Commit): void {
    this.rows(commit);
    this.order(commit);
    for (const id of commit.handled) this.handled.add(`${commit.store.service} ${id}`);
    for (const row of commit.sent) this.effect(commit, this.learn(commit, row));
    for (const id of commit.forgotten) {
      if (!this.inKafka.has(id)) {
        this.broken('I10', () => `${commit.store.service} forgets ${this.nameOf(id)}, which Kafka never had`);
      }
    }
    this.parking(commit);
  }

  appended(record: LogRecord, again: boolean): void {
    const first = !this.inKafka.has(record.id);
    this.inKafka.add(record.id);
    if (again || !first) return;
    const message = this.sent.get(record.id);
    if (!message) {
      return this.broken('I10', () => `${record.headers['ce_type']} is in Kafka, and nobody has committed it`);
    }
    const { story } = this.world;
    story.tell(() => `${message.service} publishes ${message.type} of ${story.nameOf(record.key)}`);
    const unsent = this.unsent.get(placeOf(message.service, record)) ?? [];
    const [next] = unsent;
    unsent.splice(unsent.indexOf(record.id), 1);
    if (next === record.id) return;
    this.broken(
      'I11',
      () =>
        `${message.service} publishes ${message.type} of ${story.nameOf(record.key)} before ${this.nameOf(next)}, which it has committed earlier`,
    );
  }

  passed(service: string, { id, headers, key }: LogRecord): void {
    const type = headers['ce_type'] ?? '';
    if (!this.world.handles(service, headers) || this.handled.has(`${service} ${id}`)) return;
    this.broken(
      'I10',
      () => `${service} has put its offset behind ${type} of ${this.world.story.nameOf(key)}, and has not handled it`,
    );
  }

  /** The latest message that was handled, by reader and place. */
  private readonly latest = new Map<string, SentMessage>();

  private order({ store: { service }, process, handled }: Commit): void {
    // What was lost with Kafka's disk is sent again, later than what was not; and old offsets are of another log.
    if (this.world.log.wiped) return;
    const submitted = (id: string): number => process?.submitted.get(id) ?? 0;
    for (const id of [...handled].sort((a, b) => submitted(a) - submitted(b))) {
      const message = this.sent.get(id);
      // What is handled once more is a matter of I12.
      if (!message || this.handled.has(`${service} ${id}`)) continue;
      const place = `${service} ${message.place}`;
      const latest = this.latest.get(place);
      if (latest === undefined || latest.number < message.number) this.latest.set(place, message);
      else
        this.broken(
          'order',
          () =>
            `${service} handles ${message.type} of ${this.world.story.nameOf(message.key)} after ${latest.type}, which was committed later`,
        );
    }
  }

  private rows({ rows, store }: Commit): void {
    for (const { entity, key, before, expected } of rows) {
      const version = before?.['version'];
      if (expected === undefined || expected === version) continue;
      const name = `${entity.name} of ${this.world.story.nameOf(key)} in ${store.service}`;
      this.broken(
        'I11',
        () =>
          `an update is lost: ${name} is at version ${String(version)}, and what was decided on version ${String(expected)} is written over it`,
      );
    }
  }

  /** The process that parked the first poisoned message of a key, by service and key. */
  private readonly holders = new Map<string, string | undefined>();

  private parking({ store, process, handled, parked }: Commit): void {
    const { service } = store;
    const { story, poisoned, coverage } = this.world;
    const now = new Set(parked.map(({ id }) => id));
    const holds = (key: string): boolean =>
      [...store.parked.values()].some((row) => row.key === key && row.state !== 'discarded' && !now.has(row.id));
    for (const { id, state, topic, key, error } of parked) {
      coverage.add(`messages ${state}`);
      story.tell(() => `${process?.name ?? service} parks a message of ${story.nameOf(key)}: ${error}`);
      const behind = state === 'held' && [...store.parked.values()].some((row) => row.key === key && row.id !== id);
      if (!behind && !poisoned.has(id))
        this.broken('I13', () => `${service} parks a message of ${topic} about ${story.nameOf(key)}: ${error}`);
      if (!holds(key)) this.holders.set(`${service} ${key}`, process?.name);
    }
    if (store.parked.size === 0) return;
    for (const id of handled) {
      const key = this.sent.get(id)?.key;
      // Another instance may have read before the key was held, and commits now: docs/decisions/0003.
      if (key === undefined || now.has(id) || !holds(key)) continue;
      if (this.holders.get(`${service} ${key}`) !== process?.name) continue;
      this.broken('I13', () => `${service} has handled ${this.nameOf(id)} of ${story.nameOf(key)}, whose key is held`);
    }
  }

  private learn({ store: { service } }: Commit, row: OutboxRow): SentMessage {
    const { id, key, headers } = row;
    const place = placeOf(service, row);
    const unsent = this.unsent.get(place);
    // A message that is sent again had its place the first time.
    const saidAgain = this.inKafka.has(id);
    if (!saidAgain && unsent) unsent.push(id);
    else if (!saidAgain) this.unsent.set(place, [id]);
    const header = headersOf({ id, key, headers });
    const message: SentMessage = {
      id,
      type: header['ce_type'] ?? '',
      service,
      key,
      sagaId: header['ce_sagaid'],
      commandId: header['ce_commandid'],
      causationId: header['ce_causationid'],
      place,
      number: this.sent.get(id)?.number ?? this.sent.size,
    };
    this.sent.set(id, message);
    return message;
  }

  private effect(commit: Commit, { type, service, key, causationId, id }: SentMessage): void {
    const { story } = this.world;
    story.tell(() => `${commit.process?.name ?? service} commits ${type} of ${story.nameOf(key)}`);
    if (causationId === undefined) return;
    const place = `${service} ${type} ${causationId}`;
    const first = this.effects.get(place);
    if (first !== undefined && first !== id) {
      this.broken(
        'I12',
        () => `${service} has handled ${this.nameOf(causationId)} of ${story.nameOf(key)} twice: it says ${type} again`,
      );
    }
    this.effects.set(place, id);
  }

  private nameOf(id: string | undefined): string {
    return (id !== undefined && this.sent.get(id)?.type) || 'a message';
  }

  private broken(invariant: string, what: () => string): void {
    this.world.violated(new ViolationError(invariant, what()));
  }
}

const placeOf = (service: string, { topic, key }: { readonly topic: string; readonly key: string }): string =>
  `${service} ${topic} ${key}`;
