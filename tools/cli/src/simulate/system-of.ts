import { resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { SagaDefinition } from '@backstep/saga';
import { sagaSystem, type SagaInvariant, type SimulatedSystem } from '@backstep/simulation';
import { UsageError } from '../shared/exit-codes.js';
import { participantOf } from './participant-of.js';

const PLACE_ORDER = 'place-order';

interface Asked {
  /** The services whose own handlers run, by name or by the path of their module. */
  readonly with?: readonly string[] | undefined;
  /** Whether messages come by express: then something happens that express may overtake. */
  readonly express?: true | undefined;
}

/**
 * The system that is meant by `place-order`, by the name of another saga of this clone, or by the path of a module.
 * @throws UsageError
 */
export async function systemOf(saga: string, { with: services = [], express }: Asked = {}): Promise<SimulatedSystem> {
  if (saga !== PLACE_ORDER) return (await systemWith(saga, services)) as SimulatedSystem;
  if (services.length > 0) throw new UsageError(`${PLACE_ORDER} runs with all of its services: leave out --with`);
  return (await import('@backstep/shop-simulation')).placeOrderSystem({
    editsProducts: express,
  }) as SimulatedSystem;
}

async function systemWith(name: string, services: readonly string[]): Promise<SimulatedSystem<never>> {
  const { saga, invariants } = (await registered(name)) ?? (await exportedBy(name));
  const participants = [];
  for (const service of services) participants.push(await participantOf(service));
  try {
    return sagaSystem(saga, { invariants, participants }) as SimulatedSystem<never>;
  } catch (error) {
    throw new UsageError(`${name}: ${(error as Error).message}`);
  }
}

interface Found {
  readonly saga: SagaDefinition;
  readonly invariants: readonly SagaInvariant[];
}

/** The newest version of it that the orchestrator registers. */
async function registered(name: string): Promise<Found | undefined> {
  const { SAGAS } = await import('@backstep/orchestrator/sagas');
  const [saga] = SAGAS.definitions.filter((one) => one.name === name).sort((a, b) => b.version - a.version);
  return saga && { saga, invariants: [] };
}

async function exportedBy(path: string): Promise<Found> {
  let module: Record<string, unknown>;
  try {
    module = (await import(pathToFileURL(resolve(path)).href)) as Record<string, unknown>;
  } catch (error) {
    throw new UsageError(
      `${path} is neither a saga of \`npx backstep sagas describe\` nor a module that can be loaded: ${(error as Error).message}`,
    );
  }
  const [saga, second] = Object.values(module).filter(isSaga);
  if (!saga) throw new UsageError(`${path} exports no saga: \`export const mySaga = saga('my-saga').startsOn(…)\``);
  if (second) throw new UsageError(`${path} exports several sagas: simulate one at a time`);
  return { saga, invariants: (module['invariants'] ?? []) as SagaInvariant[] };
}

const isSaga = (value: unknown): value is SagaDefinition =>
  typeof value === 'object' && value !== null && 'startsOn' in value && 'steps' in value && 'deadline' in value;
