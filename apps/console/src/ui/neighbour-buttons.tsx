import { Button } from './button.js';

export interface Neighbours {
  /** One of the list, such as `order`. */
  readonly of: string;
  readonly isFirst: boolean;
  readonly isLast: boolean;
  /** To the one above it, -1, or below it, 1. */
  readonly step: (by: -1 | 1) => void;
}

/** The one before and the one after, of the list that this one was opened from. */
export const NeighbourButtons = ({ of, isFirst, isLast, step }: Neighbours) => (
  <>
    <Button shortcut="[" disabled={isFirst} onClick={() => step(-1)}>
      Previous<span className="unseen"> {of} of the list</span>
    </Button>
    <Button shortcut="]" disabled={isLast} onClick={() => step(1)}>
      Next<span className="unseen"> {of} of the list</span>
    </Button>
  </>
);
