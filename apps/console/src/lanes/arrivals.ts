import type { Folded, Landing } from './folded.js';
import type { Known } from './known.js';

/**
 * How it is known that a message reached a lane: `received`: its inbox says so. `parked`: the service could not handle it. `reacted`: it said
 * something because of it. `unread`: its group is not there yet. `inferred`: nobody has said so.
 */
export type How = 'received' | 'parked' | 'reacted' | 'unread' | 'inferred';

/** An arrow's head: the lane that was reached, and when. */
export interface Arrival {
  readonly lane: string;
  readonly at: number;
  readonly how: How;
  /** When its inbox says that it got it; undefined where no inbox says so. */
  readonly inboxAt: number | undefined;
}

/** What became of a record whose message a lane has already: `observed`: the service saw itself drop it. */
export interface Drop {
  readonly lane: string;
  readonly how: 'observed' | 'inferred' | 'unread';
}

/** A record with an id that came before. */
export interface Repetition extends Landing {
  readonly drops: readonly Drop[];
}

const ORCHESTRATOR = 'orchestrator';
const COMMANDS = '.commands';

/**
 * Whom a message reached. An inbox knows; a service that has not answered is known by what it sent because of the message. A command is addressed
 * by its topic, an event to those who read its topic, and to the orchestrator at least: a saga that has ended answers nothing.
 */
export function arrivalsOf(message: Folded, effects: readonly Folded[], known: Known | undefined): readonly Arrival[] {
  const { landing, saidAt } = message;
  const id = message.message.headers['ce_id'];
  const arrivals = new Map<string, Arrival>();
  const note = (lane: string, at: number, how: How, inboxAt?: number): void => {
    arrivals.set(lane, { lane, at: Math.max(at, saidAt), how, inboxAt });
  };
  for (const effect of effects) {
    const lane = effect.message.headers['ce_source'];
    if (lane && !((arrivals.get(lane)?.at ?? Infinity) <= effect.saidAt)) note(lane, effect.saidAt, 'reacted');
  }
  for (const [lane, service] of known?.services ?? []) {
    const parked = service.parkedMessage(id);
    const receivedAt = service.receivedAt(id);
    if (parked) note(lane, Date.parse(parked.parkedAt), 'parked');
    // The inbox is written together with what was said because of the message, and so a little later: no effect comes before its cause.
    else if (receivedAt !== undefined)
      note(lane, Math.min(receivedAt, arrivals.get(lane)?.at ?? Infinity), 'received', receivedAt);
    else if (!arrivals.has(lane) && service.isPast(landing) === false) note(lane, landing.at, 'unread');
  }
  const addressed = addressedBy(message);
  if (addressed !== undefined && !arrivals.has(addressed.lane) && (addressed.isSure || arrivals.size === 0))
    note(addressed.lane, landing.at, 'inferred');
  return [...arrivals.values()].sort((a, b) => a.at - b.at || a.lane.localeCompare(b.lane, 'en'));
}

function addressedBy({ message: { topic, headers, unreadable } }: Folded) {
  if (unreadable || headers['ce_type'] === undefined) return undefined;
  return topic.endsWith(COMMANDS)
    ? { lane: topic.slice(0, -COMMANDS.length), isSure: true }
    : { lane: ORCHESTRATOR, isSure: false };
}

/** The later records of a message, and who dropped them. Without a service's word whom the message reached will have done so. */
export const repetitionsOf = (
  { message, repeated }: Folded,
  arrivals: readonly Arrival[],
  known: Known | undefined,
): readonly Repetition[] =>
  repeated.map((record) => ({ ...record, drops: dropsOf(record, message.headers['ce_id'], arrivals, known) }));

function dropsOf(
  record: Landing,
  id: string | undefined,
  arrivals: readonly Arrival[],
  known: Known | undefined,
): readonly Drop[] {
  const drops: Drop[] = [];
  for (const { lane } of [...arrivals].sort((a, b) => a.lane.localeCompare(b.lane, 'en'))) {
    const service = known?.services.get(lane);
    if (service?.droppedAt(record) !== undefined) drops.push({ lane, how: 'observed' });
    else if (service?.isPast(record) === false) drops.push({ lane, how: 'unread' });
    else if (!service || service.receivedAt(id) !== undefined) drops.push({ lane, how: 'inferred' });
  }
  return drops;
}
