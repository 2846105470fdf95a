import { catalogue, type MessageDefinition } from '@backstep/messages';
import { exampleData } from '@backstep/contracts/derived';
import { sagaRegistry, type SagaDefinition, type SagaInstance } from '@backstep/saga';
import { instanceOf, SagaRow } from '@backstep/saga/runtime';
import { handledBy } from '@backstep/unit-of-work';
import { MessageInvariants } from '../invariants/messages.js';
import { ParticipantInvariants, type Effective } from '../invariants/participants.js';
import { SagaInvariants } from '../invariants/sagas.js';
import type { Commit } from '../postgres/store.js';
import type { SimulatedSystem } from '../run/system.js';
import type { SimulatedService } from '../service/service.js';
import type { Random } from '../world/random.js';
import { ViolationError } from '../world/violation.js';
import type { World } from '../world/world.js';
import { Effect, effectId } from './effect.entity.js';
import { orchestratorOf } from './orchestrator.js';
import { participantHandlers, rolesOf } from './participants.js';
import { checkParticipants, Decisions, realHandlers, type Participant } from './real-participant.js';
import { SagaScenario, type SagaSubject } from './saga-scenario.js';
import { strayAnswer } from './stray-answer.js';

/** An invariant that must hold after each move of the saga. */
export interface SagaInvariant {
  /** Short, for the report: `X1`. */
  readonly id: string;
  /** @param effect gives the state of a command at its participant, by the command's name. @returns what is wrong, or undefined */
  check(saga: SagaInstance, effect: (command: string) => Effective): string | undefined;
}

export interface SagaSystemOptions {
  /** Invariants beside those of every saga. */
  readonly invariants?: readonly SagaInvariant[];
  /** Services whose own handlers run. The others are made from the saga's table. */
  readonly participants?: readonly Participant[];
}

const STARTS_WITHIN_MS = 1_500;
const MUST_HAPPEN = ['sagas COMPLETED', 'commands sent again', 'duplicates dropped', 'answers ignored: not_awaited'];
/** Factors for the numbers of the starting event's example: handlers may refuse large ones. */
const PARTS_OF_EXAMPLE = [0.1, 0.5, 1, 2, 10];

/**
 * Any saga. A participant is a service's own handlers, or is made from the table: then it answers `done` or (where the table has a
 * `refused`) at random `refused`, repeats its answer to a repeated command, and carries out a compensation also before its step.
 * @throws Error when the table cannot be played: see {@link rolesOf}; or with these participants: see {@link checkParticipants}
 */
export function sagaSystem(
  definition: SagaDefinition,
  { invariants = [], participants = [] }: SagaSystemOptions = {},
): SimulatedSystem<SagaSubject> {
  const registry = sagaRegistry([definition]);
  const roles = rolesOf(definition);
  const { startsOn, name } = definition;
  checkParticipants(name, roles, startsOn.service, participants);
  // One run at a time: the decisions are those of the current run.
  let decisions = new Decisions();
  const real = new Map(participants.map((one) => [one.service, one]));
  const names = new Set([startsOn.service, ...[...roles.values()].map(({ command }) => command.service)]);
  const services = [...names].map((service): SimulatedService => {
    const participant = real.get(service);
    if (!participant) {
      const consumes = [`${service}.commands`];
      return { name: service, consumes, entities: [Effect], handlers: () => participantHandlers(roles, service) };
    }
    return {
      name: service,
      consumes: topicsOf(participant),
      // The service that starts the saga stores its start in an Effect.
      entities: [Effect, ...participant.entities],
      handlers: () => realHandlers(participant, (decided) => decisions.note(service, decided)),
    };
  });
  const undoable = definition.steps.some(({ kind }) => kind === 'compensatable');
  return {
    name,
    catalogue: catalogue([...new Set([...registry.messages, ...participants.flatMap(messagesOf)])]),
    services: [...services, orchestratorOf(registry)],
    drawSubject: (random, number) => ({
      number,
      at: random.below(STARTS_WITHIN_MS),
      data: participants.length > 0 ? drawNumbers(random, startsOn) : {},
    }),
    tellSubject: ({ number, at, data }) =>
      [`${startsOn.name} ${number} at ${at} ms`, ...Object.entries(data).map((field) => field.join(' '))].join(', '),
    mustHappen: undoable ? [...MUST_HAPPEN, 'compensations'] : MUST_HAPPEN,
    begin: (world, subjects) => {
      decisions = new Decisions();
      const messages = new MessageInvariants(world);
      const sagas = new SagaInvariants(world, registry, messages);
      const others = new ParticipantInvariants(world, roles, new Set(real.keys()), messages, decisions);
      const effects = effectsOf(world, definition, others, real);
      world.watch(messages);
      world.watch(others);
      world.watch(sagas);
      world.watch({ committed: (commit) => checkMoved(world, definition, invariants, effects, commit) });
      return new SagaScenario(world, definition, subjects, sagas);
    },
    strayAnswer: (world) => strayAnswer(world, definition),
  };
}

const messagesOf = ({ handlers }: Participant): MessageDefinition[] => handlers.flatMap((one) => [...handledBy(one)]);
const topicsOf = (participant: Participant): string[] =>
  [...new Set(messagesOf(participant).map(({ topic }) => topic))].sort();

/** The top-level numbers of the starting event, smaller and larger than in its example, as far as its schema accepts them. */
function drawNumbers(random: Random, startsOn: MessageDefinition): Record<string, number> {
  const example = exampleData(startsOn);
  const drawn: Record<string, number> = {};
  for (const [field, value] of Object.entries(example)) {
    if (typeof value !== 'number') continue;
    const number = Math.round(value * random.pick(PARTS_OF_EXAMPLE));
    if (startsOn.schema.safeParse({ ...example, ...drawn, [field]: number }).success) drawn[field] = number;
  }
  return drawn;
}

type Effects = (saga: SagaInstance) => (command: string) => Effective;

/** The state of each command: from the answers of a real participant, from the rows of one that is made from the table. */
function effectsOf(
  world: World,
  { steps }: SagaDefinition,
  said: ParticipantInvariants,
  real: ReadonlyMap<string, Participant>,
): Effects {
  const services = new Map(steps.map(({ forward }) => [forward.send.name, forward.send.service]));
  return ({ id, subject }) =>
    (command) => {
      const service = services.get(command);
      if (service === undefined) return 'never';
      if (real.has(service)) return said.effect(id, command);
      const effect = world.store(service).find(Effect, effectId(subject, command));
      if (!effect || !Object.values(effect.said).includes('DONE')) return 'never';
      return effect.undone ? 'undone' : 'done';
    };
}

function checkMoved(
  world: World,
  definition: SagaDefinition,
  invariants: readonly SagaInvariant[],
  effects: Effects,
  commit: Commit,
): void {
  for (const { entity, after } of commit.rows) {
    if (entity !== SagaRow || !after) continue;
    const saga = instanceOf(after as unknown as SagaRow);
    const effect = effects(saga);
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
