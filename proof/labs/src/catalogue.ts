/**
 * The labs in the order in which they are read: the name of each, and what it shows in one line. Apart from what runs them: a list of
 * names loads no database driver.
 */
const CATALOGUE = {
  'lost-update':
    'two sessions read one balance and write it: one payment is lost; a checked version refuses the second',
  'write-skew': 'two people leave the rota, each because the other stays: nobody is left; `hold` refuses the second',
  deadlock: 'two writers take two rows in crossing order: PostgreSQL ends one (40P01); sorted writes only wait',
  aba: 'a row is deleted and inserted again at version 1: a stale writer wins; a marked row counts on and refuses',
  mvcc: 'readers wait for no writer; FOR UPDATE keeps out inserts of children, FOR NO KEY UPDATE does not',
  isolation: 'which anomaly happens at which isolation level of PostgreSQL, found out by trying each',
  phantom: 'two count the bookings of a room, and both book: a row that stands for all of them refuses the second',
  'retry-storm':
    'whoever is refused tries again at once, with what was read before, or inside the transaction; and how to do it right',
  'zombie-holder':
    'a holder is paused for longer than its lease and goes on: it overwrites who took over; a fence refuses it',
} as const;

export type LabName = keyof typeof CATALOGUE;

export const LABS: readonly { readonly name: LabName; readonly about: string }[] = Object.entries(CATALOGUE).map(
  ([name, about]) => ({ name: name as LabName, about }),
);
