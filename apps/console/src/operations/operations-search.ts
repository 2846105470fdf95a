import type { OperatorAction } from '../api/types.js';
import { isOperator } from '../operate/operator.js';
import { isUuid } from '../orders/orders-search.js';

export const OPERATOR_ACTIONS = [
  'retry',
  'skip',
  'compensate',
  'abandon',
  'replay',
  'discard',
] as const satisfies readonly OperatorAction[];

/** The state of the list, as its address has it. */
export interface OperationsSearch {
  readonly by?: string;
  readonly action?: OperatorAction;
  readonly orderId?: string;
}

/** What is not understood is left out. */
export function operationsSearch({ by, action, orderId }: Readonly<Record<string, unknown>>): OperationsSearch {
  const known = OPERATOR_ACTIONS.find((one) => one === action);
  return {
    ...(typeof by === 'string' && isOperator(by) && { by }),
    ...(known && { action: known }),
    ...(isUuid(orderId) && { orderId }),
  };
}
