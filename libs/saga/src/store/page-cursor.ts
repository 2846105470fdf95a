import type { SagaInstance } from '../decide/instance.js';
import { PAGE_DEFAULT, PAGE_MAX } from './stored-saga.js';

/** Where a page ended: the order of a list is `startedAt` descending, then `id` descending. */
export interface PagePosition {
  readonly startedAt: number;
  readonly id: string;
}

/** The cursor was not made by this system: an error of the caller. */
export class InvalidCursorError extends Error {
  override readonly name = 'InvalidCursorError';
  constructor(readonly cursor: string) {
    super(`not a cursor: ${cursor.slice(0, 100)}`);
  }
}

export const cursorAfter = ({ startedAt, id }: Pick<SagaInstance, 'startedAt' | 'id'>): string =>
  `sagas.${startedAt}.${id}`;

/** Strict, since PostgreSQL raises an error for a text that is no UUID. */
const POSITION = /^sagas[.](0|[1-9]\d{0,14})[.]([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})$/;

/** @throws InvalidCursorError */
export function positionOf(cursor: string): PagePosition {
  const [, startedAt, id] = POSITION.exec(cursor) ?? [];
  if (startedAt === undefined || id === undefined) throw new InvalidCursorError(cursor);
  return { startedAt: Number(startedAt), id };
}

/** @throws RangeError */
export function pageLimit(limit = PAGE_DEFAULT): number {
  if (Number.isInteger(limit) && limit >= 1 && limit <= PAGE_MAX) return limit;
  throw new RangeError(`limit must be 1 to ${PAGE_MAX}, not ${limit}`);
}
