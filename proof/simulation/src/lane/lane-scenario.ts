import { LaneEntry, type Lane } from '@backstep/lanes';
import type { Commit, RowChanged } from '../postgres/store.js';
import type { Scenario } from '../run/system.js';
import type { RunningProcess } from '../service/start-process.js';
import { ViolationError } from '../world/violation.js';
import type { World } from '../world/world.js';
import { Jar, move, Moved, type Move } from './jar.entity.js';

export const LANE_SERVICE = 'jars';
export const JARS = ['hot', 'left', 'right'];
export const COINS = 10;

/** A move that a caller asks for. A caller's next move begins when this one is answered. */
export interface MoveSubject extends Omit<Move, 'id'> {
  readonly number: number;
  readonly caller: number;
  /** Whether it skips the queue. */
  readonly direct: boolean;
}

/** After this time an entry that was not answered is enqueued again, with its id, milliseconds. */
const ASK_AGAIN_MS = 1_000;

interface Asked {
  readonly began: number;
  returned: number | undefined;
}

/**
 * Enqueues moves and watches over them: an entry is settled once (L1), a move is made as often as its entry is applied (L2), moves of a jar are made in
 * the order in which they were enqueued (L3), and no coin comes or goes (L4).
 */
export class LaneScenario implements Scenario {
  private waiting: number;
  private readonly queued = new Set<string>();
  private readonly asked = new Map<string, Asked>();
  private readonly made = new Map<string, number>();
  /** For each jar, the latest beginning of what was made. */
  private readonly latest = new Map<string, number>();

  constructor(
    private readonly world: World,
    subjects: readonly MoveSubject[],
    private readonly laneOf: (running: RunningProcess) => Lane<Move> | undefined,
  ) {
    this.waiting = subjects.length;
    const store = world.store(LANE_SERVICE);
    for (const name of JARS) store.put(Jar, { name, coins: COINS, moves: 0, version: 1 });
    for (const caller of new Set(subjects.map((one) => one.caller))) {
      this.next(subjects.filter((one) => one.caller === caller));
    }
  }

  unended(): number {
    return this.waiting + this.queued.size;
  }

  whatIsUnended(): string[] {
    return [...this.queued].map((key) => `${key} is queued still`);
  }

  atRest(): void {
    const store = this.world.store(LANE_SERVICE);
    for (const { key, state } of store.of(LaneEntry).rows.values() as Iterable<LaneEntry>) {
      const times = this.made.get(key.split('/')[1] ?? '') ?? 0;
      if (times !== (state === 'APPLIED' ? 1 : 0)) this.violated('L2', `${key} is ${state} and made ${times} times`);
    }
  }

  committed({ rows }: Commit): void {
    for (const change of rows) {
      if (change.entity === LaneEntry) this.entryChanged(change);
    }
    this.moved(
      rows.flatMap(({ entity, before, after }) => (entity === Moved && !before ? [after as unknown as Moved] : [])),
    );
    const jars = [...this.world.store(LANE_SERVICE).of(Jar).rows.values()] as unknown as Jar[];
    const sum = jars.reduce((all, { coins }) => all + coins, 0);
    if (sum !== COINS * JARS.length || jars.some(({ coins }) => coins < 0))
      this.violated('L4', `there are ${sum} coins`);
  }

  private entryChanged({ key, before, after }: RowChanged): void {
    if (before !== undefined && before['state'] !== 'QUEUED') this.violated('L1', `${key} is settled again`);
    if (after?.['state'] === 'QUEUED') this.queued.add(key);
    else this.queued.delete(key);
    if (after?.['state'] !== 'QUEUED') this.world.coverage.add(`entries ${String(after?.['state'])}`);
  }

  /** @param made by one commit */
  private moved(made: readonly Moved[]): void {
    for (const { move: id } of made) {
      const times = (this.made.get(id) ?? 0) + 1;
      this.made.set(id, times);
      if (times > 1) this.violated('L2', `${id} is made ${times} times`);
    }
    for (const jar of JARS) {
      const placeOf = ({ places }: Moved): number => places[jar] ?? 0;
      const ofJar = made.filter((one) => placeOf(one) > 0).sort((a, b) => placeOf(a) - placeOf(b));
      for (const { move: id } of ofJar) {
        // A direct move has no order: it is not known here.
        const { began, returned } = this.asked.get(id) ?? { began: 0, returned: undefined };
        const latest = this.latest.get(jar) ?? 0;
        if (returned !== undefined && returned < latest) this.violated('L3', `${id} is made too late, of ${jar}`);
        this.latest.set(jar, Math.max(latest, began));
      }
    }
  }

  private violated(invariant: string, what: string): void {
    this.world.violated(new ViolationError(invariant, what));
  }

  /** One caller's moves, one after the other. */
  private next([subject, ...others]: readonly MoveSubject[]): void {
    if (!subject) return;
    const { number, from, to, coins, direct } = subject;
    const asked: Move = { id: `move-${number}`, from, to, coins };
    const answered = (): void => {
      this.waiting--;
      this.next(others);
    };
    if (direct) this.world.kernel.after(this.world.random.below(200), () => this.request(asked, answered));
    else this.world.kernel.after(this.world.random.below(200), () => this.enqueue(asked, answered));
  }

  private enqueue(asked: Move, answered: () => void): void {
    const { kernel } = this.world;
    const known = this.asked.get(asked.id) ?? { began: kernel.events, returned: undefined };
    this.asked.set(asked.id, known);
    const server = this.anyServer();
    const lane = server && this.laneOf(server);
    const done = (): void => {
      if (known.returned !== undefined) return;
      known.returned = kernel.events;
      answered();
    };
    if (lane)
      kernel.after(1, () => void lane.enqueue(asked, { id: asked.id }).then(done, () => undefined), server.process);
    kernel.after(ASK_AGAIN_MS, () => {
      if (known.returned === undefined) this.enqueue(asked, answered);
    });
  }

  /** Once, whatever becomes of it. */
  private request(asked: Move, answered: () => void): void {
    const server = this.anyServer();
    if (server) {
      this.world.kernel.after(
        1,
        () => void server.unitOfWork.request(move, asked).catch(() => undefined),
        server.process,
      );
    }
    answered();
  }

  private anyServer(): RunningProcess | undefined {
    const living = this.world.living(LANE_SERVICE);
    return living[this.world.random.below(living.length)];
  }
}
