import { Counter, Gauge, Histogram, type Registry } from 'prom-client';

const SECONDS = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60];
/** A batch is given back after twelve conflicts. */
const ATTEMPTS = [1, 2, 3, 4, 6, 8, 12];
const MESSAGES = [1, 2, 5, 10, 20, 50, 100, 200, 500, 1_000];

/** The metrics of consumer, unit of work, inbox and outbox. Labels have few values: never a subject's id. */
export class MessagingMetrics {
  readonly batchSize: Histogram<'consumer'>;
  readonly batchDuration: Histogram<'consumer'>;
  readonly duplicatesDropped: Counter<'consumer'>;
  readonly versionConflicts: Counter<'entity'>;
  readonly writes: Counter<'entity' | 'strategy' | 'outcome'>;
  readonly writeAttempts: Histogram<'entity'>;
  readonly writeDuration: Histogram<'entity' | 'strategy'>;
  readonly lockWait: Histogram<'entity'>;
  readonly conflictRatio: Gauge<'entity'>;
  readonly strategySwitches: Counter<'entity' | 'to'>;
  readonly outboxUnpublished: Gauge;
  readonly outboxOldestAge: Gauge;
  readonly outboxParked: Gauge<'cause'>;
  readonly parked: Gauge<'state'>;
  readonly eventsSkipped: Counter<'consumer' | 'topic' | 'reason'>;
  readonly unparkable: Counter<'consumer' | 'topic'>;
  readonly logResets: Counter<'topic' | 'reason'>;
  readonly express: Counter<'outcome'>;

  constructor(registry: Registry) {
    const registers = [registry];
    const counter = <L extends string>(name: string, help: string, labelNames: L[]) =>
      new Counter<L>({ name, help, labelNames, registers });
    const gauge = <L extends string>(name: string, help: string, labelNames: L[] = []) =>
      new Gauge<L>({ name, help, labelNames, registers });
    const histogramOf = <L extends string>(name: string, help: string, labelNames: L[], buckets: number[]) =>
      new Histogram<L>({ name, help, labelNames, buckets, registers });
    const histogram = (name: string, help: string, buckets: number[]) => histogramOf(name, help, ['consumer'], buckets);
    this.batchSize = histogram('backstep_batch_messages', 'Messages handled in one transaction', MESSAGES);
    this.batchDuration = histogram('backstep_batch_duration_seconds', 'Read, decide and write of one batch', SECONDS);
    this.duplicatesDropped = counter(
      'backstep_duplicates_dropped_total',
      'Messages that were dropped, as the inbox or their batch had them already',
      ['consumer'],
    );
    this.versionConflicts = counter('backstep_version_conflicts_total', 'Writes refused because the row had changed', [
      'entity',
    ]);
    this.writes = counter('backstep_writes_total', 'Attempts to write rows of an entity, and what became of them', [
      ...(['entity', 'strategy', 'outcome'] as const),
    ]);
    this.writeAttempts = histogramOf(
      'backstep_write_attempts',
      'Attempts until rows of an entity were committed',
      ['entity'],
      ATTEMPTS,
    );
    this.writeDuration = histogramOf(
      'backstep_write_duration_seconds',
      'From the first attempt to write rows of an entity to their commit',
      ['entity', 'strategy'],
      SECONDS,
    );
    this.lockWait = histogramOf(
      'backstep_lock_wait_seconds',
      'Reading rows of an entity with locks, the wait for others included',
      ['entity'],
      SECONDS,
    );
    this.conflictRatio = gauge('backstep_conflict_ratio', 'Share of attempts of the last minute that were lost', [
      'entity',
    ]);
    this.strategySwitches = counter(
      'backstep_strategy_switches_total',
      'Keys that are locked as they are read from then on, or no longer',
      ['entity', 'to'],
    );
    this.outboxUnpublished = gauge('backstep_outbox_unpublished', 'Outbox rows not yet acknowledged by Kafka');
    this.outboxOldestAge = gauge('backstep_outbox_oldest_age_seconds', 'Age of the oldest unpublished outbox row');
    this.outboxParked = gauge('backstep_outbox_parked', 'Keys whose next message Kafka refuses', ['cause']);
    this.parked = gauge('backstep_parked_messages', 'Messages put aside because they cannot be handled', ['state']);
    this.eventsSkipped = counter(
      'backstep_events_skipped_total',
      'Events passed over because nobody here handles them in this version, or from this topic',
      ['consumer', 'topic', 'reason'],
    );
    this.unparkable = counter(
      'backstep_messages_unparkable_total',
      'Messages passed over because not even where they lie could be parked',
      ['consumer', 'topic'],
    );
    this.logResets = counter(
      'backstep_log_resets_total',
      'Logs found to be another than the one that was read, and read from their beginning',
      ['topic', 'reason'],
    );
    this.express = counter(
      'backstep_express_messages_total',
      'Committed messages of owned shards: handed over to all their readers, to be waited for by Kafka, or by Kafka alone',
      ['outcome'],
    );
  }
}
