import type { RelayEvents } from '@backstep/outbox';
import type { UnitOfWorkObserver } from '@backstep/unit-of-work';
import type { Logger } from '../logging/logger.js';
import type { Metrics } from '../metrics/metrics.js';

const MS_PER_SECOND = 1_000;

/** What the unit of work tells, as metrics and, where a person should know, as log lines. */
export function observe(consumer: string, metrics: Metrics, logger: Logger): UnitOfWorkObserver {
  return {
    committed: ({ size, durationMs }) => {
      metrics.batchSize.observe({ consumer }, size);
      metrics.batchDuration.observe({ consumer }, durationMs / MS_PER_SECOND);
    },
    duplicates: (count) => metrics.duplicatesDropped.inc({ consumer }, count),
    conflict: (cause) => {
      const entity = 'part' in cause ? String(cause.part) : 'table' in cause ? String(cause.table) : cause.name;
      metrics.versionConflicts.inc({ entity });
    },
    parked: ({ delivered, state, cause, error }) =>
      logger.warn('a message is parked', {
        orderId: delivered.key,
        sagaId: delivered.headers['ce_sagaid'],
        messageId: delivered.headers['ce_id'],
        type: delivered.headers['ce_type'],
        topic: delivered.topic,
        partition: delivered.partition,
        offset: delivered.offset,
        state,
        cause,
        reason: error,
      }),
    listenerFailed: (error) => logger.error('a listener failed after a commit', { error }),
  };
}

export function observeRelay(logger: Logger): RelayEvents {
  return {
    failed: (what, error) => logger.warn(`the outbox relay could not ${what}; it tries again`, { error }),
    parked: ({ message, refusal }, error) =>
      logger.error('Kafka refuses a message: it is parked in the outbox, and its key is held', {
        orderId: message.key,
        messageId: message.id,
        type: message.headers['ce_type'],
        topic: message.topic,
        bytes: message.bytes,
        cause: refusal.code,
        error,
      }),
  };
}
