import type { SagaInstance, StepRecord } from '../decide/instance.js';

/** What a saga's row has in columns of its own. */
type InColumns = 'id' | 'name' | 'subject' | 'status' | 'startedAt';
type Without<T, K extends PropertyKey> = T extends unknown ? Omit<T, K> : never;

/** The rest of an instance, as its row has it. */
export type StoredInstance = Without<SagaInstance, InColumns | 'steps'> & {
  /** The lines of all steps, the last step first. */
  readonly journal: readonly StepRecord[];
};

/** An instance in its row. */
export interface InstanceColumns extends Pick<SagaInstance, InColumns> {
  readonly instance: StoredInstance;
}

/**
 * An instance as it is stored: what a move changes comes first, and the last step before the first. Where the new version of a row is on the page of
 * the old one, PostgreSQL logs only what lies between their common beginning and their common end. The beginning ends at the length of the
 * JSON; so what stays as it is (the start event, the answers of steps that are done) has to be at the end.
 */
export function storedInstance(saga: SagaInstance): InstanceColumns {
  const { id, name, subject, status, startedAt, steps, definitionVersion, deadlineAt, start, ...moving } = saga;
  const journal = [...steps].reverse();
  return {
    id,
    name,
    subject,
    status,
    startedAt,
    // No spread, since the object grows: see decision 0013.
    instance: Object.assign({}, moving, { journal, deadlineAt, definitionVersion, start }) as StoredInstance,
  };
}

/** The instance of a row. It is not checked: see `assertSound`. */
export function instanceOf({ id, name, subject, status, startedAt, instance }: InstanceColumns): SagaInstance {
  const { journal, ...others } = instance;
  const steps = [...journal].reverse();
  return { id, name, subject, status, startedAt, steps, ...others } as SagaInstance;
}
