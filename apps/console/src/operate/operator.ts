import { useSyncExternalStore } from 'react';

/** As the API has it: printable ASCII, no space at an end, 100 characters. */
export const OPERATOR_PATTERN = '[!-~]([ -~]*[!-~])?';
export const OPERATOR_MAX = 100;
const VALID = new RegExp(`^${OPERATOR_PATTERN}$`);
const KEY = 'backstep.operator';

export const isOperator = (name: string): boolean => name.length <= OPERATOR_MAX && VALID.test(name);

function stored(): string {
  try {
    const name = localStorage.getItem(KEY) ?? '';
    return isOperator(name) ? name : '';
  } catch {
    return '';
  }
}

let operator = stored();
const listeners = new Set<() => void>();

/** Who acts: a name that this browser keeps, and no proof of anything. Empty until somebody has said it. */
export const currentOperator = (): string => operator;

export function setOperator(name: string): void {
  operator = name;
  try {
    localStorage.setItem(KEY, name);
  } catch {
    // It holds for this page then.
  }
  for (const listener of listeners) listener();
}

export const useOperator = (): string =>
  useSyncExternalStore((listener) => {
    listeners.add(listener);
    return () => listeners.delete(listener);
  }, currentOperator);
