import { announce } from '../shell/announce.js';
import { useKeys } from '../shell/keys.js';
import type { Neighbours } from './neighbour-buttons.js';
import { placeIn } from './neighbours.js';

interface Listed {
  /** One of the list, such as `order`. */
  readonly of: string;
  readonly id: string;
  /** Those of the list, as far as it was read. */
  readonly ids: readonly string[];
  /** The list goes on behind them. */
  readonly hasMore: boolean;
  /** Reads what nobody has read, or, `further`, what comes behind it. @returns those of the list then */
  readonly read: (further: boolean) => Promise<readonly string[]>;
  readonly open: (id: string) => void;
}

/** Goes through a list as it was read, so that each is met once, by keys too: they are of the page, and work while the next one is loaded. */
export function useNeighbours({ of, id, ids, hasMore, read, open }: Listed): Neighbours {
  const { index, after } = placeIn(ids, id);
  const isAtEnd = index >= 0 && after === undefined;
  const step = async (by: -1 | 1): Promise<void> => {
    const place = placeIn(await read(by === 1 && isAtEnd && hasMore), id);
    const to = by === -1 ? place.before : place.after;
    if (to !== undefined) open(to);
    else if (place.index < 0) announce(`This ${of} is not in the list that was read: open it from the list.`);
    else announce(`This is the ${by === -1 ? 'first' : 'last'} ${of} of the list.`);
  };
  useKeys({
    '[': () => void step(-1),
    ']': () => void step(1),
  });
  return { of, isFirst: index === 0, isLast: isAtEnd && !hasMore, step: (by) => void step(by) };
}
