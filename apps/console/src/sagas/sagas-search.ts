import type { SagaAction, SagaState } from '../api/types.js';
import { isUuid } from '../orders/orders-search.js';

export const SAGA_STATES = [
  'STUCK',
  'COMPENSATING',
  'RUNNING',
  'COMPLETED',
  'COMPENSATED',
  'ABANDONED',
] as const satisfies readonly SagaState[];

/** In the order of the keys `r s b a`. */
export const SAGA_ACTIONS = ['retry', 'skip', 'compensate', 'abandon'] as const satisfies readonly SagaAction[];

/** The state of a saga's page, as its address has it. */
export interface SagaSearch {
  /** The action whose dry run is open. */
  readonly do?: SagaAction;
}

/** The state of the work list. */
export interface SagasSearch extends SagaSearch {
  readonly state?: SagaState;
  /** The name of a saga, such as `place-order`. */
  readonly type?: string;
  /** The saga of the row that has the keyboard. */
  readonly sel?: string;
}

const TYPE = /^[a-z][a-z0-9-]{0,63}$/;

/** What is not understood is left out. */
export function sagaSearch({ do: action }: Readonly<Record<string, unknown>>): SagaSearch {
  const known = SAGA_ACTIONS.find((one) => one === action);
  return known ? { do: known } : {};
}

export function sagasSearch(given: Readonly<Record<string, unknown>>): SagasSearch {
  const { state, type, sel } = given;
  const known = SAGA_STATES.find((one) => one === String(state).toUpperCase());
  return {
    ...(known && { state: known }),
    ...(typeof type === 'string' && TYPE.test(type) && { type }),
    ...(isUuid(sel) && { sel, ...sagaSearch(given) }),
  };
}

/** The same without one part of it. */
export function without<Search extends SagaSearch, Part extends keyof Search>(
  search: Search,
  ...parts: readonly Part[]
): Omit<Search, Part> {
  const left = { ...search };
  for (const part of parts) delete left[part];
  return left;
}
