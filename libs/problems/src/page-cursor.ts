import { z } from 'zod';

export interface PageCursor {
  /** The cursor of the page that begins after this key. */
  after(key: string): string;
  /** Reads what `after` wrote to the key. Any other text is refused: also a cursor of another list. */
  readonly schema: z.ZodType<string, string>;
}

/**
 * Cursors of a list, `cakes.<key>`: only what this list wrote is read. A cursor carries the sort key itself and not the id of a row:
 * the row may be gone when the next page is asked for. It is not encoded, so that its pattern can be documented in full.
 *
 * @param list its name, in the cursor
 * @param key what a sort key looks like, whole and without anchors; it decides what can reach the database
 */
export function pageCursor(list: string, key: string): PageCursor {
  const prefix = `${list}.`;
  return {
    after: (text) => prefix + text,
    schema: z
      .string()
      .regex(new RegExp(`^${list}[.](?:${key})$`), 'must be the nextCursor of a page of this list')
      .transform((cursor) => cursor.slice(prefix.length)),
  };
}

/** Keys of lists that are cut by an id: a UUID in lower case, as PostgreSQL and we write it. */
export const UUID_KEY = '[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}';
