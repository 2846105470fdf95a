import { setTimeout as delay } from 'node:timers/promises';
import { Random } from '@backstep/simulation';
import { SkippedError, type Applied, type Touched, type Trace } from './faults/fault.js';
import type { Plan, Planned } from './schedule.js';
import type { World } from './world.js';

export interface Played {
  /** How often each fault was applied. */
  readonly counts: Record<string, number>;
  readonly skipped: string[];
  readonly leaves: Trace[];
  /** Faults that broke: the harness', or something that should have come back and did not. */
  readonly failed: string[];
}

/** How long after the planned end a fault may begin that had to wait for its turn: on a busy machine those before it take longer. */
const LATE_MAX_MS = 60_000;

/**
 * Applies and heals every fault at its time, concurrently; resolves when the last is healed and the time is over. A fault that takes longer
 * than planned delays others that need the same part alone; a fault that would begin too late is left out.
 */
export async function play({ schedule, durationMs }: Plan, world: World): Promise<Played> {
  const played: Played = { counts: {}, skipped: [], leaves: [], failed: [] };
  const turns = new Turns();
  const since = performance.now();
  const until = (ms: number): Promise<void> => delay(Math.max(0, since + ms - performance.now()));
  await Promise.all([
    until(durationMs),
    ...schedule.map(async (planned) => {
      const { fault, beginMs, endMs } = planned;
      await until(beginMs);
      const done = await turns.take(fault.touches);
      try {
        if (performance.now() - since > durationMs + LATE_MAX_MS)
          throw new SkippedError('those before it took too long');
        const applied = await begin(planned, world);
        played.counts[fault.name] = (played.counts[fault.name] ?? 0) + 1;
        played.leaves.push(...fault.leaves);
        // A fault that took long to apply still lasts its time: one that is healed at once has no effect.
        await Promise.all([until(endMs), delay(fault.lastsMs[0])]);
        await heal(planned, applied, world);
      } catch (error) {
        if (error instanceof SkippedError) {
          world.story.tell(`skipped: ${fault.name}: ${error.message}`);
          played.skipped.push(fault.name);
        } else {
          played.failed.push(String((error as Error).message));
        }
      } finally {
        done();
      }
    }),
  ]);
  return played;
}

async function begin({ fault, seed }: Planned, world: World): Promise<Applied> {
  try {
    const applied = await fault.apply(world, new Random(seed));
    world.story.tell(`${fault.name}: ${applied.what}`);
    return applied;
  } catch (error) {
    if (error instanceof SkippedError) throw error;
    throw new Error(`${fault.name} could not be applied: ${String(error)}`, { cause: error });
  }
}

async function heal({ fault }: Planned, applied: Applied, world: World): Promise<void> {
  try {
    await applied.heal();
    world.story.tell(`healed: ${fault.name}`);
  } catch (error) {
    throw new Error(`${fault.name} could not be healed: ${String(error)}`, { cause: error });
  }
}

/** What one fault needs for itself alone, the next gets when that one is over; first come, first served. */
class Turns {
  private readonly last = new Map<Touched, Promise<void>>();

  /** Resolves when all of these are free. @returns to be called when they are free again */
  async take(touches: readonly Touched[]): Promise<() => void> {
    const before = touches.map((touched) => this.last.get(touched) ?? Promise.resolve());
    let done: () => void = () => undefined;
    const over = new Promise<void>((resolve) => (done = resolve));
    for (const touched of touches) this.last.set(touched, over);
    await Promise.all(before);
    return done;
  }
}
