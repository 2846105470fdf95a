import type { OrderMessage, Saga } from '../api/types.js';
import { REFUSED, REFUSED_SAGA } from './records.fixture.spec.js';

/** An order that was changed often: the refused order's messages again and again, each time of another saga, half a minute later. */
const APART_MS = 30_000;
/** A command that nobody answers is asked again so much later. */
const AGAIN_MS = 10_000;
/** Of the thirteen messages of a saga, the command that may be asked again. */
const ASKED_AGAIN = 'ReserveStock';
const OFFSETS = 10_000;

const later = (time: string, ms: number): string => new Date(Date.parse(time) + ms).toISOString();
const named = (id: string | undefined, saga: number): string => `${id ?? ''}-${saga}`;

/** @param sendings by saga, how often its stock was asked for: the first is answered, and what is sent again is read by nobody */
export function manyRecords(sagas: number, sendings: readonly number[] = [], isOneSaga = false): OrderMessage[] {
  return Array.from({ length: sagas }, (_, saga) => {
    const all = REFUSED.map((record) => shifted(record, saga, isOneSaga));
    const asked = all.find(({ headers }) => headers['ce_type'] === ASKED_AGAIN);
    const again = Array.from({ length: Math.max(0, (sendings[saga] ?? 1) - 1) }, (__, index) =>
      asked ? sentAgain(asked, index + 1) : [],
    );
    return [...all, ...again.flat()];
  }).flat();
}

function shifted(record: OrderMessage, saga: number, isOneSaga: boolean): OrderMessage {
  const { ce_sagaid: sagaId, ce_causationid: cause, ce_commandid: command, ...headers } = record.headers;
  return {
    ...record,
    offset: String(Number(record.offset) + OFFSETS * saga),
    timestamp: later(record.timestamp, APART_MS * saga),
    headers: {
      ...headers,
      ce_id: named(headers['ce_id'], saga),
      ce_time: later(headers['ce_time'] ?? '', APART_MS * saga),
      // What began a saga has no saga of its own.
      ...(cause !== undefined && {
        ce_causationid: named(cause, saga),
        ce_sagaid: named(sagaId, isOneSaga ? 0 : saga),
      }),
      ...(command !== undefined && { ce_commandid: named(command, saga) }),
    },
  };
}

const sentAgain = (record: OrderMessage, times: number): OrderMessage => ({
  ...record,
  offset: String(Number(record.offset) + 100 * times),
  timestamp: later(record.timestamp, AGAIN_MS * times),
  headers: {
    ...record.headers,
    ce_id: `${record.headers['ce_id'] ?? ''} again ${times}`,
    ce_time: later(record.headers['ce_time'] ?? '', AGAIN_MS * times),
  },
});

const shiftedTime = (time: string | null, saga: number): string | null => time && later(time, APART_MS * saga);

/** The sagas of those messages. */
export const manySagas = (sagas: number): readonly Saga[] =>
  Array.from({ length: sagas }, (_, saga) => ({
    ...REFUSED_SAGA,
    id: named(REFUSED_SAGA.id, saga),
    steps: REFUSED_SAGA.steps.map((step) => ({
      ...step,
      sentAt: shiftedTime(step.sentAt, saga),
      answeredAt: shiftedTime(step.answeredAt, saga),
      undo: step.undo && {
        ...step.undo,
        sentAt: shiftedTime(step.undo.sentAt, saga),
        answeredAt: shiftedTime(step.undo.answeredAt, saga),
      },
    })),
  }));
