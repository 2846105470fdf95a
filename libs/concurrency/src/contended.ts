import type { EntityClass } from './version.js';

/** Rows are read without locks, and checked by the write. */
export interface Optimistic {
  readonly kind: 'optimistic';
}

/** Rows are locked as they are read. */
export interface Locked {
  readonly kind: 'locked';
  /** Milliseconds; 0: not at all. */
  readonly wait: number;
}

/** Optimistic, and for a key that conflicts often, locked for a while. */
export interface Adaptive {
  readonly kind: 'adaptive';
  readonly enter: number;
  readonly leave: number;
}

/** How the unit of work takes the rows of an entity. Every strategy checks the version, so instances with different ones may meet. */
export type Strategy = Optimistic | Locked | Adaptive;

/** The longest `wait`, milliseconds: an hour. */
const WAIT_MAX = 3_600_000;
const WAIT = 2_000;
const ENTER = 0.15;
const LEAVE = 0.05;

/**
 * Rows are read without locks: for rows that are seldom wanted by two at once. A batch that has lost `optimisticTries` times is locked
 * all the same, so that its work comes to an end; the next batch begins without locks again.
 */
export const optimistic = (): Optimistic => ({ kind: 'optimistic' });

/**
 * Whoever decides from such rows locks them as it reads them (`FOR NO KEY UPDATE`, which keeps nobody from inserting rows that refer to
 * them), and decides from what the one before it has left.
 * @param wait how long a row is waited for, milliseconds. A request that has not got it by then is refused with `LockedError` of
 *   `@backstep/unit-of-work`; 0: at once. A message has nobody to refuse it to: it waits apart, and the others go on. Default 2,000.
 */
export const locked = ({ wait = WAIT }: { readonly wait?: number } = {}): Locked => ({ kind: 'locked', wait });

/**
 * Optimistic, until a key conflicts in more than the share `enter` of its attempts; then rows are locked as they are read while a batch
 * wants this key, for seconds at a time. A key that conflicts less than `leave` is forgotten.
 * @param options shares between 0 and 1, `leave` below `enter`. Default 0.15 and 0.05.
 */
export const adaptive = ({
  enter = ENTER,
  leave = LEAVE,
}: { readonly enter?: number; readonly leave?: number } = {}): Adaptive => ({ kind: 'adaptive', enter, leave });

const strategies = new WeakMap<object, Strategy>();
const DEFAULT_STRATEGY = adaptive();

/**
 * Says how the unit of work takes the rows of the entity, where the default (`adaptive()`) does not fit.
 * @throws Error that names the class, for numbers out of their bounds
 */
export function Contended(strategy: Strategy): ClassDecorator {
  return (target) => {
    const wrong = wrongIn(strategy);
    if (wrong !== undefined) throw new Error(`@Contended of ${target.name}: ${wrong}`);
    strategies.set(target, Object.freeze({ ...strategy }));
  };
}

/** What `@Contended` says of the class; default: `adaptive()`. */
export const strategyOf = (entity: EntityClass): Strategy => strategies.get(entity) ?? DEFAULT_STRATEGY;

function wrongIn(strategy: Strategy): string | undefined {
  switch (strategy.kind) {
    case 'optimistic':
      return undefined;
    case 'locked': {
      const { wait } = strategy;
      const isRight = Number.isInteger(wait) && wait >= 0 && wait <= WAIT_MAX;
      return isRight ? undefined : `wait must be whole milliseconds from 0 to ${WAIT_MAX}, not ${wait}`;
    }
    case 'adaptive': {
      const { enter, leave } = strategy;
      if (leave > 0 && leave < enter && enter < 1) return undefined;
      return `0 < leave < enter < 1 must hold, and enter is ${enter}, leave ${leave}`;
    }
  }
}
