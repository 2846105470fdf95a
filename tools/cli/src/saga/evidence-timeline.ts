import { shortData } from '../events/short-data.js';
import type { SagaStep } from '../shared/representations.js';
import type { DatabaseEvidence, Evidence } from './evidence.js';
import { messagesOfSaga } from './messages-of-saga.js';
import type { OperableSaga } from './operable-saga.js';

/** Where a line of the timeline comes from. In one millisecond they are told in this order, which is that of cause and effect. */
const SOURCES = ['journal', 'operator', 'outbox', 'kafka', 'inbox', 'dropped', 'parked', 'timer'] as const;
export type Source = (typeof SOURCES)[number];

export interface Line {
  readonly at: number;
  readonly source: Source;
  /** The service that wrote it. */
  readonly service: string;
  readonly what: string;
  readonly detail: string;
}

/** All evidence with a time, merged: the saga's journal, messages, their readers, and timers to come. */
export function timelineOf({ saga, messages: ofItsOrder, databases }: Evidence): readonly Line[] {
  const messages = messagesOfSaga(saga, ofItsOrder);
  const types = new Map(messages.map(({ headers }) => [headers['ce_id'] ?? '', headers['ce_type'] ?? '?']));
  const lines: Line[] = [
    ...journalOf(saga),
    ...messages.map(({ topic, partition, offset, timestamp, headers, value }) => ({
      ...{ at: Date.parse(timestamp), source: 'kafka' as const, service: headers['ce_source'] ?? '?' },
      what: headers['ce_type'] ?? '(not a CloudEvent)',
      detail: `${topic}/${partition}@${offset} id ${headers['ce_id'] ?? '?'} ${shortData(value)}`,
    })),
    ...databases.flatMap((database) => databaseLines(database, types)),
  ];
  const rank = ({ source }: Line): number => SOURCES.indexOf(source);
  return lines.sort((a, b) => a.at - b.at || rank(a) - rank(b));
}

/** The saga's journal, with its operators' actions. */
export const journalOf = (saga: OperableSaga): Line[] => [
  journal(saga.createdAt, `${saga.type} began`),
  ...saga.steps.flatMap(stepLines),
  ...saga.operations.map(({ at, action, by, reason, from, step }) => ({
    ...{ at: Date.parse(at), source: 'operator' as const, service: 'orchestrator' },
    what: `${action} by ${by}`,
    detail: `${from} at ${step}: ${reason}`,
  })),
];

/** The beginning of the timeline: the start event, or where that is unknown the saga's own start. */
export function beginningOf({ saga, messages }: Evidence): number {
  const own = messagesOfSaga(saga, messages).map(({ timestamp }) => Date.parse(timestamp));
  return Math.min(Date.parse(saga.createdAt), ...own);
}

const journal = (at: string, what: string, detail = ''): Line => ({
  ...{ at: Date.parse(at), source: 'journal', service: 'orchestrator', what, detail },
});

function stepLines({ name, kind, state, attempts, sentAt, answeredAt, skippedBy, undo }: SagaStep): Line[] {
  const ended = (by: string | null, how: string): string => (by === null ? how : `skipped by ${by}, not ${how}`);
  const several = (attempts: number): string => (attempts > 1 ? `${attempts} attempts` : '');
  return [
    ...(sentAt === null ? [] : [journal(sentAt, `${name} sent`, [kind, several(attempts)].filter(Boolean).join(', '))]),
    ...(answeredAt === null
      ? []
      : [journal(answeredAt, `${name} ${ended(skippedBy, state === 'refused' ? 'refused' : 'done')}`)]),
    ...(undo?.sentAt ? [journal(undo.sentAt, `${name} being undone`, several(undo.attempts))] : []),
    ...(undo?.answeredAt ? [journal(undo.answeredAt, `${name} ${ended(undo.skippedBy, 'undone')}`)] : []),
  ];
}

function databaseLines(
  { service, inbox, dropped, outbox, parked, timers }: DatabaseEvidence,
  types: ReadonlyMap<string, string>,
): Line[] {
  return [
    ...inbox
      .filter(({ id }) => types.has(id))
      .map(({ id, receivedAt }) => ({
        ...{ at: receivedAt, source: 'inbox' as const, service },
        what: `${types.get(id) ?? 'a message'} handled`,
        detail: `id ${id}`,
      })),
    ...dropped
      .filter(({ id }) => types.has(id))
      .map(({ id, topic, partition, offset, at }) => ({
        ...{ at, source: 'dropped' as const, service },
        what: `${types.get(id) ?? 'a message'} dropped, as it was known`,
        detail: `${topic}/${partition}@${offset} id ${id}`,
      })),
    ...outbox.map(({ id, topic, type, createdAt }) => ({
      ...{ at: createdAt, source: 'outbox' as const, service },
      what: `${type ?? 'a message'} not yet acknowledged by Kafka`,
      detail: `${topic} id ${id}`,
    })),
    ...parked.map(({ id, type, state, cause, topic, partition, offset, parkedAt }) => ({
      ...{ at: parkedAt, source: 'parked' as const, service },
      what: `${type ?? 'a message'} ${state}`,
      detail: `${cause}, ${topic}/${partition}@${offset} id ${id}`,
    })),
    ...timers.map(({ name, dueAt, firesAt, failures }) => ({
      ...{ at: firesAt, source: 'timer' as const, service },
      what: `${name} timer`,
      detail: failures === 0 ? '' : `failed ${failures} times, due ${new Date(dueAt).toISOString()}`,
    })),
  ];
}
