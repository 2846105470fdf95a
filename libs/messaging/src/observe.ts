import type { Delivered } from '@backstep/inbox';
import type { LogReset } from '@backstep/kafka';
import type { RelayEvents } from '@backstep/outbox';
import type { UnitOfWorkObserver } from '@backstep/unit-of-work';
import type { DroppedDuplicates } from './evidence/dropped-duplicates.js';
import type { MessagingLogger } from './host.js';
import type { MessagingMetrics } from './messaging-metrics.js';

const MS_PER_SECOND = 1_000;

/** Most characters of a foreign text in a log line. */
const SHOWN_CHARACTERS_MAX = 100;
const REASON_CHARACTERS_MAX = 500;
/** Most kinds of skipped events that are logged, each once. The metric counts all of them. */
const SKIPPED_TOLD_MAX = 100;

const shown = (text: string | null | undefined): string | undefined => text?.slice(0, SHOWN_CHARACTERS_MAX);

const placeOf = ({ topic, partition, offset }: Delivered) => ({ topic, partition, offset });

/** Makes metrics of what the unit of work reports, and log lines of what a person should know. Duplicates are kept as evidence. */
export function observe(
  consumer: string,
  metrics: MessagingMetrics,
  logger: MessagingLogger,
  subjectField: string,
  dropped: DroppedDuplicates,
): UnitOfWorkObserver {
  const told = new Set<string>();
  return {
    committed: ({ size, durationMs }) => {
      metrics.batchSize.observe({ consumer }, size);
      metrics.batchDuration.observe({ consumer }, durationMs / MS_PER_SECOND);
    },
    duplicates: (records) => {
      metrics.duplicatesDropped.inc({ consumer }, records.length);
      dropped.add(records);
    },
    conflict: (cause) => {
      const entity = 'part' in cause ? String(cause.part) : 'table' in cause ? String(cause.table) : cause.name;
      metrics.versionConflicts.inc({ entity });
    },
    attempted: ({ entity, strategy, outcome }) => metrics.writes.inc({ entity, strategy, outcome }),
    wrote: ({ entity, strategy, attempts, durationMs }) => {
      metrics.writeAttempts.observe({ entity }, attempts);
      metrics.writeDuration.observe({ entity, strategy }, durationMs / MS_PER_SECOND);
    },
    lockWait: (entity, ms) => metrics.lockWait.observe({ entity }, ms / MS_PER_SECOND),
    switched: (entity, to) => metrics.strategySwitches.inc({ entity, to }),
    blocked: (works) => logger.warn('somebody holds rows of the database; what needs them waits', { works }),
    parked: ({ delivered, state, cause, error }) =>
      logger.warn('a message is parked', {
        [subjectField]: shown(delivered.key),
        sagaId: shown(delivered.headers['ce_sagaid']),
        messageId: shown(delivered.headers['ce_id']),
        type: shown(delivered.headers['ce_type']),
        ...placeOf(delivered),
        state,
        cause,
        reason: error.slice(0, REASON_CHARACTERS_MAX),
      }),
    skipped: ({ topic, type, version, reason }) => {
      metrics.eventsSkipped.inc({ consumer, topic, reason });
      const skipped = { topic, type: shown(type), version, reason };
      const what = JSON.stringify(skipped);
      if (told.has(what) || told.size >= SKIPPED_TOLD_MAX) return;
      told.add(what);
      logger.warn('events are passed over that nobody here handles', skipped);
    },
    unparkable: (delivered, { name, code }: Error & { readonly code?: unknown }) => {
      metrics.unparkable.inc({ consumer, topic: delivered.topic });
      // Only the name of the error: its text may contain bytes of the message.
      logger.error('a message could not be parked and is passed over', { ...placeOf(delivered), reason: name, code });
    },
    effectFailed: (effect, error) => logger.error('what follows a commit has failed', { effect, error }),
  };
}

/** Counts only: the consumer logs it, with the offsets. */
export const countLogResets =
  (metrics: MessagingMetrics) =>
  ({ topic, reason }: Pick<LogReset, 'topic' | 'reason'>): void =>
    metrics.logResets.inc({ topic, reason });

export function observeRelay(logger: MessagingLogger, subjectField: string): RelayEvents {
  return {
    failed: (what, error) => logger.warn(`the outbox relay could not ${what}; it tries again`, { error }),
    parked: ({ message, refusal }, error) =>
      logger.error('Kafka refuses a message: it is parked in the outbox, and its key is held', {
        [subjectField]: message.key,
        messageId: message.id,
        type: message.headers['ce_type'],
        topic: message.topic,
        bytes: message.bytes,
        cause: refusal.code,
        error,
      }),
  };
}
