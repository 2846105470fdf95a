import { catalogue } from '@backstep/messages';
import { sagaIdFor, sagaRegistry, type SagaDefinition, type SagaInstance } from '@backstep/saga';
import { SagaRow } from '@backstep/saga/runtime';
import { MessageInvariants } from '../invariants/messages.js';
import { SagaInvariants } from '../invariants/sagas.js';
import type { Commit } from '../postgres/store.js';
import type { Scenario, SimulatedSystem } from '../run/system.js';
import type { SimulatedService } from '../service/service.js';
import { ViolationError } from '../world/violation.js';
import type { World } from '../world/world.js';
import { Effect, effectId } from './effect.entity.js';
import { orchestratorOf } from './orchestrator.js';
import { participantHandlers, rolesOf, startHandler } from './participants.js';
import { strayAnswer } from './stray-answer.js';

/** The state of a step at its participant. `never`: its command was not handled, or was refused. */
export type Effective = 'done' | 'undone' | 'never';

/** An invariant that must hold after each move of the saga. */
export interface SagaInvariant {
  /** Short, for the report: `X1`. */
  readonly id: string;
  /** @param effect gives the state of a command at its participant, by the command's name. @returns what is wrong, or undefined */
  check(saga: SagaInstance, effect: (command: string) => Effective): string | undefined;
}

/** One run of the saga. */
export interface SagaSubject {
  readonly number: number;
  /** Milliseconds after the start. */
  readonly at: number;
}

const STARTS_WITHIN_MS = 1_500;
/** After this time a start without an answer is repeated, and a start event without a saga is emitted again, milliseconds. */
const ASK_AGAIN_MS = 2_000;
const TELL_AGAIN_MS = 60_000;

const MUST_HAPPEN = ['sagas COMPLETED', 'commands sent again', 'duplicates dropped', 'answers ignored: not_awaited'];

/**
 * Any saga, with participants made from its table. Each answers `done` or (where the table has a `refused`) at random `refused`, repeats its
 * answer to a repeated command, and carries out a compensation also before its step.
 * @throws Error when the table cannot be played: see {@link rolesOf}
 */
export function sagaSystem(
  definition: SagaDefinition,
  invariants: readonly SagaInvariant[] = [],
): SimulatedSystem<SagaSubject> {
  const registry = sagaRegistry([definition]);
  const roles = rolesOf(definition);
  const { startsOn } = definition;
  const names = new Set([startsOn.service, ...[...roles.values()].map(({ command }) => command.service)]);
  const participants = [...names].map((name): SimulatedService => ({
    name,
    consumes: [`${name}.commands`],
    entities: [Effect],
    handlers: () => participantHandlers(roles, name),
  }));
  const undoable = definition.steps.some(({ kind }) => kind === 'compensatable');
  return {
    name: definition.name,
    catalogue: catalogue(registry.messages),
    services: [...participants, orchestratorOf(registry)],
    drawSubject: (random, number) => ({ number, at: random.below(STARTS_WITHIN_MS) }),
    tellSubject: ({ number, at }) => `${startsOn.name} ${number} at ${at} ms`,
    mustHappen: undoable ? [...MUST_HAPPEN, 'compensations'] : MUST_HAPPEN,
    begin: (world, subjects) => {
      const messages = new MessageInvariants(world);
      const sagas = new SagaInvariants(world, registry, messages);
      world.watch(messages);
      world.watch(sagas);
      world.watch({ committed: (commit) => checkMoved(world, definition, invariants, commit) });
      return new SagaScenario(world, definition, subjects, sagas);
    },
    strayAnswer: (world) => strayAnswer(world, definition),
  };
}

function effectIn(world: World, definition: SagaDefinition, subject: string): (command: string) => Effective {
  const commands = new Map(definition.steps.map(({ forward }) => [forward.send.name, forward.send.service]));
  return (command) => {
    const service = commands.get(command);
    const effect = service && world.store(service).find(Effect, effectId(subject, command));
    if (!effect || !Object.values(effect.said).includes('DONE')) return 'never';
    return effect.undone ? 'undone' : 'done';
  };
}

function checkMoved(
  world: World,
  definition: SagaDefinition,
  invariants: readonly SagaInvariant[],
  commit: Commit,
): void {
  for (const { entity, after } of commit.rows) {
    if (entity !== SagaRow || !after) continue;
    const saga = after['instance'] as SagaInstance;
    const effect = effectIn(world, definition, saga.subject);
    const wrong = [{ id: 'I6', check: doneIsDone(definition) }, ...invariants];
    for (const { id, check } of wrong) {
      const what = check(saga, effect);
      if (what !== undefined) {
        world.violated(
          new ViolationError(id, `the saga of ${world.story.nameOf(saga.subject)} is ${saga.status}, and ${what}`),
        );
      }
    }
  }
}

/** I6: a step that the saga takes for done is done; of a compensated saga nothing is left. */
const doneIsDone =
  ({ steps }: SagaDefinition): SagaInvariant['check'] =>
  (saga, effect) => {
    for (const { name, kind, forward } of steps) {
      const state = saga.steps.find((record) => record.name === name)?.state;
      const effective = effect(forward.send.name);
      if (state === 'done' && effective !== 'done' && saga.status !== 'COMPENSATING')
        return `${name} is ${effective} at ${forward.send.service}`;
      if (saga.status === 'COMPENSATED' && kind === 'compensatable' && effective === 'done')
        return `${name} is still done at ${forward.send.service}`;
    }
    return undefined;
  };

/** Starts the sagas: repeats a start until it is answered, and the start event until a saga has begun. */
class SagaScenario implements Scenario {
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
    for (const { number, at } of subjects) {
      const id = world.random.uuid();
      this.ids.set(number, id);
      world.story.name(id, `${definition.name} ${number}`);
      world.kernel.after(at, () => this.request(id));
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
    return this.world.store('orchestrator').find(SagaRow, sagaIdFor(this.definition, subject))?.instance;
  }

  private request(subject: string): void {
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
        server.unitOfWork.request(this.start, subject).then(
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
        this.request(subject);
      });
    };
    look(1);
  }
}
