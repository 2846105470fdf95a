import type { SagaInstance } from '../decide/instance.js';
import { PAGE_DEFAULT, PAGE_MAX } from './saga-store.js';

/** Where a page ended: the order of a list is `startedAt` descending, then `id` descending. */
export interface PagePosition {
  readonly startedAt: number;
  readonly id: string;
}

/** The cursor was not made by this system. The caller's mistake. */
export class InvalidCursorError extends Error {
  override readonly name = 'InvalidCursorError';
  constructor(readonly cursor: string) {
    super(`not a cursor: ${cursor.slice(0, 100)}`);
  }
}

export const cursorAfter = ({ startedAt, id }: Pick<SagaInstance, 'startedAt' | 'id'>): string =>
  Buffer.from(`${startedAt}/${id}`).toString('base64url');

/** @throws InvalidCursorError */
export function positionOf(cursor: string): PagePosition {
  const match = /^(\d{1,15})\/([0-9a-f-]{36})$/.exec(Buffer.from(cursor, 'base64url').toString());
  if (!match?.[2]) throw new InvalidCursorError(cursor);
  return { startedAt: Number(match[1]), id: match[2] };
}

/** @throws RangeError */
export function pageLimit(limit = PAGE_DEFAULT): number {
  if (Number.isInteger(limit) && limit >= 1 && limit <= PAGE_MAX) return limit;
  throw new RangeError(`limit must be 1 to ${PAGE_MAX}, not ${limit}`);
}
