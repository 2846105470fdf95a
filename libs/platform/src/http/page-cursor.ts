import { z } from 'zod';

/** The longest key that a list is cut by, with the list's name, in base64url. */
const CURSOR_MAX_CHARACTERS = 512;

export interface PageCursor {
  /** The cursor of the page that begins after this key. */
  after(key: string): string;
  /** Reads what `after` wrote to the key. Any other text is refused: also a cursor of another list. */
  readonly schema: z.ZodType<string, string>;
}

/**
 * Cursors of a list: opaque to clients, and only what this list wrote is read. A cursor carries the sort key itself and not the
 * id of a row: the row may be gone when the next page is asked for.
 *
 * @param list its name, in the cursor
 * @param key what a sort key looks like, whole; it decides what can reach the database
 */
export function pageCursor(list: string, key: RegExp): PageCursor {
  const after = (text: string): string => Buffer.from(`${list}/${text}`).toString('base64url');
  const keyOf = (cursor: string): string | undefined => {
    const text = Buffer.from(cursor, 'base64url').toString();
    const found = text.slice(list.length + 1);
    // base64url is read leniently; written again it has one form.
    return text.startsWith(`${list}/`) && key.test(found) && after(found) === cursor ? found : undefined;
  };
  const schema = z
    .string()
    .max(CURSOR_MAX_CHARACTERS)
    .transform((cursor, context) => {
      const found = keyOf(cursor);
      if (found !== undefined) return found;
      context.addIssue({ code: 'custom', message: 'must be the nextCursor of a page of this list' });
      return z.NEVER;
    });
  return { after, schema };
}

/** Keys of lists that are cut by an id: a UUID in lower case, as PostgreSQL and we write it. */
export const UUID_KEY = /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;
