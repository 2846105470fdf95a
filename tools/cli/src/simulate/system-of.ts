import { resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { SagaDefinition } from '@backstep/saga';
import { sagaSystem, type SagaInvariant, type SimulatedSystem } from '@backstep/simulation';
import { UsageError } from '../shared/exit-codes.js';

/** The system that is meant by `place-order`, or by the path of a module. @throws UsageError */
export async function systemOf(saga: string): Promise<SimulatedSystem> {
  return (
    saga === 'place-order' ? (await import('@backstep/shop-simulation')).placeOrderSystem() : await systemIn(saga)
  ) as SimulatedSystem;
}

async function systemIn(path: string): Promise<SimulatedSystem<never>> {
  let module: Record<string, unknown>;
  try {
    module = (await import(pathToFileURL(resolve(path)).href)) as Record<string, unknown>;
  } catch (error) {
    throw new UsageError(`${path} is neither place-order nor a module that can be loaded: ${(error as Error).message}`);
  }
  const [saga, second] = Object.values(module).filter(isSaga);
  if (!saga) throw new UsageError(`${path} exports no saga: \`export const mySaga = saga('my-saga').startsOn(…)\``);
  if (second) throw new UsageError(`${path} exports several sagas: simulate one at a time`);
  try {
    return sagaSystem(saga, (module['invariants'] ?? []) as SagaInvariant[]) as SimulatedSystem<never>;
  } catch (error) {
    throw new UsageError(`${path}: ${(error as Error).message}`);
  }
}

const isSaga = (value: unknown): value is SagaDefinition =>
  typeof value === 'object' && value !== null && 'startsOn' in value && 'steps' in value && 'deadline' in value;
