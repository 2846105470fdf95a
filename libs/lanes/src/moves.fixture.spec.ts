import type { Entry, Lane } from './index.js';
import type { Move } from './jars.fixture.spec.js';

/** A move that somebody has enqueued, and when: in numbers that only grow. */
export interface Enqueued {
  readonly entry: string;
  readonly move: Move;
  readonly began: number;
  readonly returned: number;
}

/** What callers have done, and what they were told (no spec itself). */
export class Callers {
  readonly enqueued: Enqueued[] = [];
  /** Moves that were asked for directly, and whether the answer said that they were made. */
  readonly direct = new Map<string, boolean>();
  private clock = 0;

  async enqueue(lane: Lane<Move>, move: Move): Promise<Entry> {
    const began = ++this.clock;
    const entry = await lane.enqueue(move);
    this.enqueued.push({ entry: entry.id, move, began, returned: ++this.clock });
    return entry;
  }
}

/** What is stored in the end. */
export interface Stored {
  readonly entries: readonly { readonly id: string; readonly state: string }[];
  readonly moved: readonly { readonly move: string; readonly places: Readonly<Record<string, number>> }[];
  readonly jars: readonly { readonly name: string; readonly coins: number; readonly moves: number }[];
}

/**
 * @param coins in all jars together
 * @returns a sentence for whatever is wrong: an entry that is not settled, a move that is not made as often as it was said to be, coins that came
 * or went, moves of a jar in another order than they were enqueued
 */
export function whatIsWrong({ enqueued, direct }: Callers, { entries, moved, jars }: Stored, coins: number): string[] {
  const wrong: string[] = [];
  const states = new Map(entries.map(({ id, state }) => [id, state]));
  const times = new Map<string, number>();
  for (const { move } of moved) times.set(move, (times.get(move) ?? 0) + 1);
  for (const { entry, move } of enqueued) {
    const state = states.get(entry);
    const expected = state === 'APPLIED' ? 1 : 0;
    if (state !== 'APPLIED' && state !== 'REJECTED') wrong.push(`an entry is ${state ?? 'lost'}`);
    if ((times.get(move.id) ?? 0) !== expected) wrong.push(`a ${state} move is made ${times.get(move.id) ?? 0} times`);
  }
  for (const [move, made] of direct) {
    if ((times.get(move) ?? 0) !== Number(made)) wrong.push(`a direct move is made ${times.get(move) ?? 0} times`);
  }
  const sum = jars.reduce((all, jar) => all + jar.coins, 0);
  if (sum !== coins) wrong.push(`there are ${sum} coins, and were ${coins}`);
  for (const { name, coins: left } of jars) if (left < 0) wrong.push(`${name} has ${left} coins`);
  for (const jar of jars) wrong.push(...orderOf(jar, enqueued, moved));
  return wrong;
}

/** Of each two moves of a jar, the one that was enqueued before the other began to be is made before it. */
function orderOf(jar: Stored['jars'][number], enqueued: readonly Enqueued[], moved: Stored['moved']): string[] {
  const { name, moves } = jar;
  const byMove = new Map(enqueued.map((one) => [one.move.id, one]));
  const made = moved
    .filter(({ places }) => name in places)
    .sort((a, b) => (a.places[name] ?? 0) - (b.places[name] ?? 0));
  if (made.some(({ places }, at) => places[name] !== at + 1) || made.length !== moves) {
    return [`${name} has counted ${moves} moves, and ${made.length} are stored`];
  }
  let latest = 0;
  for (const { move } of made) {
    const one = byMove.get(move);
    if (!one) continue;
    if (one.returned < latest) return [`moves of ${name} are made in another order than they were enqueued`];
    latest = Math.max(latest, one.began);
  }
  return [];
}
