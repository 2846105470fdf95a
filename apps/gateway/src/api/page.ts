import { PAGE_DEFAULT, PAGE_MAX, pageOf, type Page } from '@backstep/contracts/http';
import { z } from 'zod';

const WRONG_LIMIT = `must be an integer from 1 to ${PAGE_MAX}`;

const CURSOR_DESCRIPTION = '`nextCursor` of the page before; opaque. Left out for the first page.';

const PAGE_LIMIT = {
  limit: z
    .string()
    .regex(/^\d{1,9}$/, WRONG_LIMIT)
    .transform(Number)
    .pipe(z.int().min(1, WRONG_LIMIT).max(PAGE_MAX, WRONG_LIMIT))
    .default(PAGE_DEFAULT)
    .meta({ description: 'How many items at most' }),
};

/**
 * The query of a list. A page is cut by key, so rows that are added meanwhile neither repeat nor hide an item.
 * @param cursor reads what the service wrote as `nextCursor`
 */
export const pageQuery = <Cursor extends z.ZodType>(cursor: Cursor) => ({
  cursor: cursor.optional().meta({ description: CURSOR_DESCRIPTION }),
  ...PAGE_LIMIT,
});

/** The query of a list whose cursors are passed on to the service unchanged. */
export const cursorOf = (list: string, key: string) =>
  z.string().regex(new RegExp(`^${list}[.](?:${key})$`), 'must be the nextCursor of a page of this list');

/** The schema of a page. `name` is its name in the document. */
export const namedPageOf = <Item extends z.ZodType>(name: string, item: Item) => pageOf(item).meta({ id: name });

/** A service's page with each item as the public one. */
export const mapPage = <From, To>({ items, nextCursor }: Page<From>, map: (item: From) => To) => ({
  items: items.map(map),
  nextCursor,
});
