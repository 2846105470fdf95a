import type { Saga } from '../shared/representations.js';
import { plain, type Paint } from '../shared/style.js';
import { fields } from '../shared/table.js';
import { moment, span } from '../shared/time.js';
import type { OperableSaga } from './operable-saga.js';
import { sagaState, sagaTimeline } from './saga-timeline.js';

/** A saga for people: what it is, where it stands, what it did. */
export function sagaText(saga: Saga & Partial<OperableSaga>, paint: Paint = plain): string {
  const {
    id,
    type,
    version,
    definitionVersion,
    blockedBecause,
    legalActions = [],
    orderId,
    failure,
    createdAt,
    updatedAt,
    deadlineAt,
    awaiting,
  } = saga;
  const about = fields(
    [
      ['Saga', id],
      ['Type', `${type} (version ${definitionVersion})`],
      ['Order', orderId],
      ['State', sagaState(saga, paint)],
      ['Blocked', blockedBecause ? paint('red', blockedBecause) : undefined],
      ['Because', failure ? `${failure.code}: ${failure.message}` : undefined],
      ['Began', moment(createdAt)],
      ['Last moved', `${moment(updatedAt)} (${span(Date.parse(updatedAt) - Date.parse(createdAt))} later)`],
      ['Next attempt', awaiting?.dueAt ? moment(awaiting.dueAt) : undefined],
      ['Deadline', awaiting && deadlineAt ? moment(deadlineAt) : undefined],
      ['Version', String(version)],
      ['Operators', legalActions.length > 0 ? `may ${legalActions.join(', ')} it` : undefined],
    ],
    paint,
  );
  return `${about}\n\n${sagaTimeline(saga, paint)}`;
}
