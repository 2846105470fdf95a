import { ROWS_MISMATCH_STATE } from '@backstep/concurrency';

/** An error as the driver throws it; the services' own code translates it. */
const driverError = (message: string, fields: Readonly<Record<string, string>>): Error =>
  Object.assign(new Error(message), fields);

export const unreachable = (): Error => driverError('connect ECONNREFUSED', { code: 'ECONNREFUSED' });

export const uniqueViolation = (table: string): Error =>
  driverError('duplicate key value violates unique constraint', { code: '23505', table, constraint: `${table}_pkey` });

export const rowsMismatch = (part: string): Error =>
  driverError(`part ${part} touched another number of rows than it must`, { code: ROWS_MISMATCH_STATE, detail: part });

export const lockNotAvailable = (): Error => driverError('canceling statement due to lock timeout', { code: '55P03' });
