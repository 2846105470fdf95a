import { z } from 'zod';

/** The most items of a page, and the default. */
export const PAGE_MAX = 100;
export const PAGE_DEFAULT = 20;

/** A page is cut by key, so rows that are added meanwhile neither repeat nor hide an item. */
export interface Page<Item> {
  readonly items: readonly Item[];
  readonly nextCursor: string | null;
}

export const NextCursor = z
  .string()
  .nullable()
  .meta({ description: 'Where the next page begins; null when this is the last one' });

/** The schema of a page. */
export const pageOf = <Item extends z.ZodType>(item: Item) =>
  z.object({ items: z.array(item), nextCursor: NextCursor });
