import { span } from '../shared/time.js';
import type { Sample } from './samples.js';

/** A metric that operators look at, as docs/operations.md says. */
interface Watched {
  readonly name: string;
  /** Shown apart by these labels; summed over all others. */
  readonly by: readonly string[];
  readonly kind: 'count' | 'age' | 'histogram';
  /** When a person should look. */
  readonly when: string;
  /** Whether it is so now, where one value says it. */
  isNow?(value: number, labels: Sample['labels']): boolean;
}

const notZero = (value: number): boolean => value > 0;

/** The share of lost attempts above which contention is high. */
const CONFLICT_RATIO = 0.2;
/** An outbox row older than this is not on its way, seconds. */
const OUTBOX_AGE_S = 30;
/** An entry of a lane that waits longer is not about to be applied, seconds. */
const LANE_AGE_S = 30;
/** A payment that has waited longer is not one of a slow provider, seconds. */
const PAYMENT_AGE_S = 3_600;

export const WATCHED: readonly Watched[] = [
  { name: 'backstep_batch_duration_seconds', by: ['consumer'], kind: 'histogram', when: 'it grows' },
  { name: 'backstep_duplicates_dropped_total', by: ['consumer'], kind: 'count', when: 'it grows steadily' },
  { name: 'backstep_express_messages_total', by: ['outcome'], kind: 'count', when: 'handed_over is a small share' },
  { name: 'backstep_version_conflicts_total', by: ['entity'], kind: 'count', when: 'faster than the work' },
  {
    ...{ name: 'backstep_conflict_ratio', by: ['entity'], kind: 'count', when: `above ${CONFLICT_RATIO}` },
    isNow: (value) => value > CONFLICT_RATIO,
  },
  { name: 'backstep_outbox_unpublished', by: [], kind: 'count', when: 'above 0 at rest' },
  {
    ...{ name: 'backstep_outbox_oldest_age_seconds', by: [], kind: 'age', when: `above ${OUTBOX_AGE_S} s` },
    isNow: (value) => value > OUTBOX_AGE_S,
  },
  { name: 'backstep_outbox_parked', by: ['cause'], kind: 'count', when: 'not 0', isNow: notZero },
  {
    ...{ name: 'backstep_parked_messages', by: ['state'], kind: 'count', when: 'poisoned is not 0' },
    isNow: (value, { state }) => value > 0 && state === 'poisoned',
  },
  {
    ...{ name: 'backstep_events_skipped_total', by: ['reason'], kind: 'count', when: 'unknown_version grows' },
    isNow: (value, { reason }) => value > 0 && reason === 'unknown_version',
  },
  { name: 'backstep_messages_unparkable_total', by: ['topic'], kind: 'count', when: 'not 0', isNow: notZero },
  { name: 'backstep_log_resets_total', by: ['topic', 'reason'], kind: 'count', when: 'not 0', isNow: notZero },
  {
    ...{ name: 'backstep_saga_instances', by: ['saga', 'state'], kind: 'count', when: 'STUCK, UNREGISTERED' },
    isNow: (value, { state }) => value > 0 && (state === 'STUCK' || state === 'UNREGISTERED'),
  },
  { name: 'backstep_saga_step_duration_seconds', by: ['saga', 'step'], kind: 'histogram', when: 'one stands out' },
  { name: 'backstep_lane_queued', by: ['lane'], kind: 'count', when: 'near queueMax' },
  {
    ...{ name: 'backstep_lane_oldest_age_seconds', by: ['lane'], kind: 'age', when: `above ${LANE_AGE_S} s` },
    isNow: (value) => value > LANE_AGE_S,
  },
  { name: 'backstep_lane_attempts_failed_total', by: ['lane'], kind: 'count', when: 'it grows' },
  { name: 'backstep_orders_refused_total', by: [], kind: 'count', when: 'it grows' },
  { name: 'backstep_payments_pending', by: ['status'], kind: 'count', when: 'it grows' },
  {
    ...{ name: 'backstep_payments_pending_oldest_age_seconds', by: ['status'], kind: 'age', when: 'hours' },
    isNow: (value) => value > PAYMENT_AGE_S,
  },
  {
    ...{ name: 'backstep_provider_call_duration_seconds', by: ['call', 'outcome'], kind: 'histogram' },
    when: 'unknown is frequent',
  },
  {
    ...{ name: 'backstep_provider_webhooks_total', by: ['outcome'], kind: 'count', when: 'refused grows' },
    isNow: (value, { outcome }) => value > 0 && outcome === 'refused',
  },
  {
    ...{ name: 'backstep_webhooks_sent_total', by: ['outcome'], kind: 'count', when: 'given_up is not 0' },
    isNow: (value, { outcome }) => value > 0 && outcome === 'given_up',
  },
  { name: 'backstep_stream_clients', by: [], kind: 'count', when: 'near 100' },
  { name: 'backstep_http_request_duration_seconds', by: ['status'], kind: 'histogram', when: 'status 5xx' },
  { name: 'backstep_metrics_collector_failures_total', by: ['collector'], kind: 'count', when: 'it grows' },
];

/** One value of one service. */
export interface Reading {
  readonly service: string;
  readonly metric: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly value: number;
  /** The value as people read it. */
  readonly text: string;
  readonly lookWhen: string;
  /** A person should look now. */
  readonly look: boolean;
}

/** What a service's metrics say of those that are watched. */
export const readingsOf = (service: string, samples: readonly Sample[]): readonly Reading[] =>
  WATCHED.flatMap((watched) => {
    const { name, by, kind, when, isNow } = watched;
    const told = kind === 'histogram' ? `${name}_count` : name;
    return groups(samples, told, by).map(({ labels, value }): Reading => {
      const total = kind === 'histogram' ? sumOf(samples, `${name}_sum`, labels) : 0;
      const text =
        kind === 'histogram' ? histogramText(value, total) : kind === 'age' ? span(value * 1_000) : String(value);
      return { service, metric: name, labels, value, text, lookWhen: when, look: isNow?.(value, labels) ?? false };
    });
  });

const histogramText = (times: number, seconds: number): string =>
  times === 0 ? '0' : `${times} × ${span((seconds / times) * 1_000)}`;

function groups(samples: readonly Sample[], name: string, by: readonly string[]) {
  const found = new Map<string, { labels: Record<string, string>; value: number }>();
  for (const sample of samples) {
    if (sample.name !== name) continue;
    const labels = labelsOf(sample, by);
    const key = JSON.stringify(labels);
    const group = found.get(key) ?? { labels, value: 0 };
    found.set(key, { labels, value: group.value + sample.value });
  }
  return [...found.values()];
}

const isSame = (a: Sample['labels'], b: Sample['labels']): boolean => JSON.stringify(a) === JSON.stringify(b);

/** Of a status its class: `5xx`. */
const labelsOf = ({ labels }: Sample, by: readonly string[]): Record<string, string> =>
  Object.fromEntries(by.map((label) => [label, (labels[label] ?? '').replace(/^(\d)\d\d$/, '$1xx')]));

const sumOf = (samples: readonly Sample[], name: string, labels: Readonly<Record<string, string>>): number =>
  samples
    .filter((sample) => sample.name === name && isSame(labelsOf(sample, Object.keys(labels)), labels))
    .reduce((total, { value }) => total + value, 0);
