import type { Mutant } from '../mutant.js';
import { MESSAGES } from './messages.js';

/** Every protection that is taken out, one at a time. */
export const MUTANTS: readonly Mutant[] = [...MESSAGES];
