import { RowsMismatchError, type Executor, type StatementPart } from '@backstep/concurrency';
import type { Work } from './work.js';

/**
 * What decisions may demand of the write beside rows and messages, such as a lock of a name. The values of all decisions of a batch become
 * parts of its one statement, so nothing of the batch is written unless each of them holds.
 */
export interface SharedPart<T> {
  /** Sorts the parts of several kinds: all batches lock in this order. */
  readonly name: string;
  /** Called once a batch that has such values. */
  collect(): PartValues<T>;
  /**
   * Called when one of the parts has touched another number of rows than it must.
   * @returns of each value the error that its decision is refused with; undefined: the value holds. Whose error has `retryable`, may come again.
   * @throws the driver's error
   */
  refusals(executor: Executor, values: readonly T[]): Promise<readonly (Error | undefined)[]>;
}

/** The values of one batch, in the order of the decisions. */
export interface PartValues<T> {
  /** @throws Error that refuses the decision, when its value does not fit the values before it */
  add(value: T): void;
  /** The rows that they lock must be in one order, whatever the order of the decisions. */
  parts(): readonly StatementPart[];
}

/** A decided demand: see {@link SharedPart}. */
export interface PartChange<T = unknown> {
  readonly change: 'part';
  readonly part: SharedPart<T>;
  readonly value: T;
}

/** `demand(LOCKS, …)`: the decision is committed with this value, or not at all. */
export const demand = <T>(part: SharedPart<T>, value: T): PartChange => ({ change: 'part', part, value }) as PartChange;

interface Demanded {
  readonly work: Work;
  readonly value: unknown;
}

/** The demands of one batch. */
export class SharedParts {
  private readonly values = new Map<SharedPart<unknown>, PartValues<unknown>>();
  private readonly demanded = new Map<SharedPart<unknown>, Demanded[]>();
  private readonly partNames = new Map<string, SharedPart<unknown>>();

  /** @throws Error that refuses the decision */
  add(work: Work, { part, value }: PartChange): void {
    let values = this.values.get(part);
    if (!values) {
      this.values.set(part, (values = part.collect()));
      this.demanded.set(part, []);
    }
    values.add(value);
    this.demanded.get(part)?.push({ work, value });
  }

  parts(): StatementPart[] {
    if (this.values.size === 0) return [];
    const all: StatementPart[] = [];
    for (const [part, values] of [...this.values].sort(([a], [b]) => (a.name < b.name ? -1 : 1))) {
      for (const one of values.parts()) {
        this.partNames.set(one.name, part);
        all.push(one);
      }
    }
    return all;
  }

  /** Whether the write has failed because of a demand. */
  refusedBy(failure: Error): boolean {
    return failure instanceof RowsMismatchError && this.partNames.has(failure.part);
  }

  /** @returns the works whose demands do not hold, with the error of the first that does not. @throws the driver's error */
  async refusals(executor: Executor): Promise<Map<Work, Error>> {
    const refused = new Map<Work, Error>();
    for (const [part, demanded] of this.demanded) {
      const errors = await part.refusals(
        executor,
        demanded.map(({ value }) => value),
      );
      demanded.forEach(({ work }, at) => {
        const error = errors[at];
        if (error && !refused.has(work)) refused.set(work, error);
      });
    }
    return refused;
  }
}

const isRetryable = (error: Error): boolean => (error as { retryable?: unknown }).retryable === true;

/** The works of a batch that go on; or why a message must be parked, which has to stand alone for it. */
export interface Unrefused {
  readonly others: readonly Work[];
  readonly toPark?: Error;
}

/**
 * Asks which demands do not hold, and settles their works. A refused message that may come again takes those of its key along that are behind it.
 * @throws the driver's error
 */
export async function withoutRefused(
  works: readonly Work[],
  executor: Executor,
  demanded: SharedParts | undefined,
): Promise<Unrefused> {
  const refused = (await demanded?.refusals(executor)) ?? new Map<Work, Error>();
  const toPark = works
    .map((work) => work.kind !== 'request' && refused.get(work))
    .find((error) => error && !isRetryable(error));
  if (toPark) return { others: works, toPark };
  const keys = new Map<string, Error>();
  const others = works.filter((work) => {
    const behind = work.kind === 'request' ? undefined : keys.get(work.key);
    const error = refused.get(work) ?? behind;
    if (error === undefined) return true;
    if (work.kind !== 'request' && work.key !== '') keys.set(work.key, error);
    work.settle.reject(error);
    return false;
  });
  return { others };
}
