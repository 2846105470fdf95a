import type { RowEvidence } from '../api/types.js';
import type { LaneMessage, Lanes } from './model.js';

/** All times at which something is drawn, each once, in order. */
export const timesOf = ({ messages, marks }: Lanes): readonly number[] =>
  [
    ...new Set([
      ...messages.flatMap(({ saidAt, to, ticks, repeated }) => [
        saidAt,
        ...ticks.map(({ at }) => at),
        ...to.map(({ at }) => at),
        ...repeated.map(({ at }) => at),
      ]),
      ...marks.map(({ at }) => at),
    ]),
  ].sort((a, b) => a - b);

/**
 * The lanes as they were: whatever is later than the moment goes, be it a message, its ticks, its arrival, its repetition or a mark; what was not answered yet is
 * not answered; and rows have the versions that had been told by then.
 * @param at in ms since 1970; undefined: now
 */
export function lanesAt(lanes: Lanes, at: number | undefined): Lanes {
  if (at === undefined) return lanes;
  const said = lanes.messages.filter(({ saidAt }) => saidAt <= at);
  const keys = new Set(said.map(({ key }) => key));
  const answered = new Set(said.filter(({ kind }) => kind === 'event').map(({ commandId }) => commandId));
  const sendings = new Map<string | undefined, number>();
  for (const { kind, commandId } of said)
    if (kind === 'command') sendings.set(commandId, (sendings.get(commandId) ?? 0) + 1);
  const messages = said.map((message): LaneMessage => {
    const { to, ticks, repeated, effects, attempt, meaning, commandId } = message;
    const isOpen = meaning === 'answered' && !answered.has(commandId);
    return {
      ...message,
      to: to.filter((arrival) => arrival.at <= at),
      ticks: ticks.filter((tick) => tick.at <= at),
      repeated: repeated.filter((record) => record.at <= at),
      effects: effects.filter((key) => keys.has(key)),
      attempt: attempt.of === 1 ? attempt : { ...attempt, of: sendings.get(commandId) ?? 1 },
      meaning: isOpen ? 'sent' : meaning,
    };
  });
  return {
    ...lanes,
    messages,
    pivots: lanes.pivots.filter((pivot) => pivot.at <= at),
    marks: lanes.marks.filter((mark) => mark.at <= at),
    repeatedRecords: messages.reduce((count, { repeated }) => count + repeated.length, 0),
    rows: rowsAt(messages, lanes.rows),
  };
}

/** An event tells the version of its service's row; of other rows no message tells any, so as of then they are not known. */
function rowsAt(messages: readonly LaneMessage[], rows: Lanes['rows']): Lanes['rows'] {
  const then = new Map<string, readonly RowEvidence[]>();
  for (const [lane, [row]] of rows) {
    const told = messages.filter(({ from, version }) => from === lane && version !== undefined);
    const latest = told.sort((a, b) => Number(a.version) - Number(b.version)).at(-1);
    if (row && latest) then.set(lane, [{ ...row, version: Number(latest.version), state: `after ${latest.type}` }]);
  }
  return then;
}
