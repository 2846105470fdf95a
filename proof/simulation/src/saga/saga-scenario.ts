import type { SagaDefinition, SagaInstance } from '@backstep/saga';
import { instanceOf, SagaRow } from '@backstep/saga/runtime';
import type { SagaInvariants } from '../invariants/sagas.js';
import type { Scenario } from '../run/system.js';
import type { World } from '../world/world.js';
import { startHandler, type Started } from './participants.js';

/** One run of the saga. */
export interface SagaSubject {
  readonly number: number;
  /** Milliseconds after the start. */
  readonly at: number;
  /** Fields of the starting event that differ from its example. */
  readonly data: Readonly<Record<string, number>>;
}

/** After this time a start without an answer is repeated, and a start event without a saga is emitted again, milliseconds. */
const ASK_AGAIN_MS = 2_000;
const TELL_AGAIN_MS = 60_000;

/** Starts the sagas: repeats a start until it is answered, and the start event until a saga has begun. */
export class SagaScenario implements Scenario {
  private waiting: number;
  private readonly ids = new Map<number, string>();
  private readonly start;

  constructor(
    private readonly world: World,
    private readonly definition: SagaDefinition,
    subjects: readonly SagaSubject[],
    private readonly sagas: SagaInvariants,
  ) {
    this.waiting = subjects.length;
    this.start = startHandler(definition.startsOn);
    for (const { number, at, data } of subjects) {
      const id = world.random.uuid();
      this.ids.set(number, id);
      world.story.name(id, `${definition.name} ${number}`);
      world.kernel.after(at, () => this.request({ subject: id, data }));
    }
  }

  unended(): number {
    return this.waiting + this.sagas.live;
  }

  whatIsUnended(): string[] {
    return [...this.ids.values()]
      .filter((id) => !('endedAt' in (this.sagaOf(id) ?? {})))
      .map((id) => `${this.world.story.nameOf(id)} has not ended`);
  }

  /** The invariants of a saga hold at all times, so none is left for the end. */
  atRest(): void {
    return undefined;
  }

  private sagaOf(subject: string): SagaInstance | undefined {
    // Not by the id, which may follow from another field too.
    const rows = [...this.world.store('orchestrator').of(SagaRow).rows.values()] as unknown as readonly SagaRow[];
    const row = rows.find((one) => one.subject === subject);
    return row && instanceOf(row);
  }

  private request(started: Started): void {
    const { subject } = started;
    const { kernel, random } = this.world;
    if (this.sagaOf(subject)) {
      this.waiting--;
      return;
    }
    const living = this.world.living(this.definition.startsOn.service);
    const server = living[random.below(living.length)];
    let told = false;
    if (server) {
      const ask = (): void => {
        server.unitOfWork.request(this.start, started).then(
          () => (told = true),
          () => undefined,
        );
      };
      kernel.after(1, ask, server.process);
    }
    // Checked often, emitted again rarely.
    const look = (looks: number): void => {
      kernel.after(ASK_AGAIN_MS, () => {
        if (!this.sagaOf(subject) && told && looks * ASK_AGAIN_MS < TELL_AGAIN_MS) return look(looks + 1);
        this.request(started);
      });
    };
    look(1);
  }
}
