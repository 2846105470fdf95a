import type { Commit } from '../postgres/store.js';
import type { Scenario } from '../run/system.js';
import { ViolationError } from '../world/violation.js';
import type { World } from '../world/world.js';
import { Engineer, shift, type Shift } from './engineer.entity.js';

export const ROTA_SERVICE = 'rota';

/** A request, of which nobody knows what becomes of it. */
export interface ShiftSubject extends Shift {
  readonly number: number;
}

/** So close together that two of a pair decide from what both have read, milliseconds. */
const WITHIN_MS = 60;

/** Sends requests to whichever instance lives, and watches over them: of a pair one is on call (R1). */
export class RotaScenario implements Scenario {
  private waiting: number;

  constructor(
    private readonly world: World,
    private readonly pairs: readonly string[],
    subjects: readonly ShiftSubject[],
  ) {
    this.waiting = subjects.length;
    const store = world.store(ROTA_SERVICE);
    for (const pair of pairs)
      for (const side of ['a', 'b']) store.put(Engineer, { name: `${pair}-${side}`, onCall: true, version: 1 });
    for (const subject of subjects) world.kernel.after(world.random.below(WITHIN_MS), () => this.request(subject));
  }

  unended(): number {
    return this.waiting;
  }

  whatIsUnended(): string[] {
    return this.waiting > 0 ? [`${this.waiting} requests were not sent`] : [];
  }

  atRest(): void {
    this.someoneIsOnCall();
  }

  committed({ rows }: Commit): void {
    if (rows.some(({ after }) => after?.['onCall'] === false)) this.world.coverage.add('shifts that end');
    this.someoneIsOnCall();
  }

  private someoneIsOnCall(): void {
    const all = [...this.world.store(ROTA_SERVICE).of(Engineer).rows.values()];
    for (const pair of this.pairs) {
      if (all.some(({ name, onCall }) => String(name).startsWith(`${pair}-`) && onCall === true)) continue;
      this.world.violated(new ViolationError('R1', `nobody of ${pair} is on call`));
    }
  }

  private request({ me, other, begins }: ShiftSubject): void {
    this.waiting--;
    const living = this.world.living(ROTA_SERVICE);
    const server = living[this.world.random.below(living.length)];
    if (!server) return;
    const asked: Shift = { me, other, begins };
    this.world.kernel.after(
      1,
      () => void server.unitOfWork.request(shift, asked).catch(() => undefined),
      server.process,
    );
  }
}
