import type { LaneMessage, Lanes, Meaning } from '../lanes/model.js';

/** What one order did for a step: from when it was asked for until it was answered. Times are ms after the order's first message. */
export interface StepRun {
  readonly startMs: number;
  /** undefined: nobody has answered yet. Of an event that answers nothing: 0. */
  readonly tookMs: number | undefined;
  readonly outcome: Meaning;
  /** How often it was asked for. */
  readonly attempts: number;
  readonly repeated: number;
  /** Where it begins, and what it ended with. */
  readonly first: LaneMessage;
  readonly last: LaneMessage;
}

/** A step of an order, by what it is and not by when it was: so two orders are laid beside each other. */
export interface Step {
  /** Two orders that did the same have the same keys, in the same order. */
  readonly key: string;
  readonly title: string;
  readonly isUndo: boolean;
  readonly run: StepRun;
}

/**
 * The steps of an order, in the order in which they began. Without its sagas (`lanes` knows no exchange) each type of message is a step.
 * @param typeOf the type of a saga, by its id
 */
export function stepsOf({ messages }: Lanes, typeOf: ReadonlyMap<string, string>): readonly Step[] {
  const start = Math.min(...messages.map(({ saidAt }) => saidAt));
  const groups = new Map<string, { readonly title: string; readonly isUndo: boolean; readonly all: LaneMessage[] }>();
  for (const message of messages) {
    const { exchange, commandId, type, key } = message;
    const isUndo = exchange?.direction === 'undo';
    // An answer belongs to its command; an event that answers nothing, and an unreadable record, stand alone.
    const group = exchange ? `${exchange.sagaId} ${exchange.step} ${exchange.direction}` : (commandId ?? key);
    const title = exchange ? exchange.step : type;
    const found = groups.get(group);
    if (found) found.all.push(message);
    else groups.set(group, { title, isUndo, all: [message] });
  }
  const seen = new Map<string, number>();
  return [...groups.values()].map(({ title, isUndo, all }) => {
    const saga = all[0]?.exchange && typeOf.get(all[0].exchange.sagaId);
    const name = `${saga ?? ''} ${isUndo ? 'undo' : 'forward'} ${title}`;
    // A saga of the same type may come again: another revision of the order.
    const number = (seen.get(name) ?? 0) + 1;
    seen.set(name, number);
    return { key: `${name} ${number}`, title, isUndo, run: runOf(all, start) };
  });
}

function runOf(all: readonly LaneMessage[], start: number): StepRun {
  const [first] = all as readonly [LaneMessage];
  const commands = all.filter(({ kind }) => kind === 'command');
  const answer = all.find(({ kind }) => kind === 'event');
  const last = answer ?? commands.at(-1) ?? first;
  return {
    startMs: first.saidAt - start,
    tookMs: answer ? Math.max(0, answer.saidAt - first.saidAt) : commands.length > 0 ? undefined : 0,
    outcome: last.meaning,
    attempts: commands.length,
    repeated: all.reduce((sum, { repeated }) => sum + repeated.length, 0),
    first,
    last,
  };
}
