import { z } from 'zod';

/** Writes and reads the cursors of one list. */
export interface PageCursor {
  /** The cursor of the page that begins after `key`. */
  after(key: string): string;
  /** Reads a cursor back to its key. Any other text is refused, also a cursor of another list. */
  readonly schema: z.ZodType<string, string>;
}

/**
 * Cursors of a list, such as `cakes.<key>`. Only cursors of this list are read. A cursor holds the sort key and not the id of a row, because the
 * row may be gone when the next page is requested. It is not encoded, so that its pattern can be documented in full.
 *
 * @param list its name in the cursor
 * @param key the pattern of a whole sort key, without anchors; only keys that match it reach the database
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

/** The key of lists that are sorted by an id: a UUID in lower case, as PostgreSQL and this kit write it. */
export const UUID_KEY = '[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}';
