import { isOperator } from './operator.js';

/** As the API has it: a line of 1 to 500 characters. */
export const REASON_MAX = 500;
/** How much of an id is typed before what cannot be taken back. */
const TYPED_CHARACTERS = 6;

/** The end of an id, which differs where beginnings are the time and so are alike. */
export const typedPartOf = (id: string): string => id.slice(-TYPED_CHARACTERS);

export interface Confirmation {
  readonly operator: string;
  readonly reason: string;
  readonly typed: string;
}

/**
 * What is still missing before an action may be sent, each with the field that it is of; empty when it may.
 * @param id the id of which the last characters must be typed; undefined for an action that asks for none
 */
export function missingFrom({ operator, reason, typed }: Confirmation, id: string | undefined): readonly string[] {
  const missing: string[] = [];
  if (!isOperator(operator)) missing.push('your name');
  if (reason.trim() === '') missing.push('a reason');
  if (id !== undefined && typed.trim().toLowerCase() !== typedPartOf(id).toLowerCase())
    missing.push(`the last ${TYPED_CHARACTERS} characters of the id`);
  return missing;
}
