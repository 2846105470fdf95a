import type { SagaDefinition } from '../api/types.js';

/** What a service has done for an order, at last. `told`: it said something that nobody had asked for. */
export type DotState = 'told' | 'asked' | 'done' | 'refused' | 'undoing' | 'undone' | 'stuck' | 'left';

export interface MessageMeaning {
  /** Whose dot it is. */
  readonly service: string;
  readonly state: DotState;
}

/** What each message means for the service that is asked, or answers: by the definitions of the sagas, which alone know. */
export type Meanings = ReadonlyMap<string, MessageMeaning>;

/** Of a message that several sagas send the first one counts: give the saga of the order itself first. */
export function meaningsOf(definitions: readonly SagaDefinition[]): Meanings {
  const meanings = new Map<string, MessageMeaning>();
  const add = (type: string | null, service: string, state: DotState): void => {
    if (type !== null && !meanings.has(type)) meanings.set(type, { service, state });
  };
  for (const { steps, whenUndone } of definitions) {
    for (const { service, send, done, refused, undo, undone } of whenUndone ? [...steps, whenUndone] : steps) {
      add(send, service, 'asked');
      add(done, service, 'done');
      add(refused, service, 'refused');
      add(undo, service, 'undoing');
      add(undone, service, 'undone');
    }
  }
  return meanings;
}

/** The saga that the event begins, before all others; of each the newest version. */
export function inOrderOf(event: string, definitions: readonly SagaDefinition[]): readonly SagaDefinition[] {
  const newest = new Map<string, SagaDefinition>();
  for (const one of definitions) if ((newest.get(one.type)?.version ?? 0) < one.version) newest.set(one.type, one);
  return [...newest.values()].sort((a, b) => Number(b.startsOn === event) - Number(a.startsOn === event));
}
