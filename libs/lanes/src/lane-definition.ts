import type { Needs, RequestHandler } from '@backstep/unit-of-work';
import { checkLimits, DEFAULT_LANE_LIMITS, type LaneLimits } from './lane-limits.js';

/** A lane: its name, the handler that applies its entries, its bounds. */
export interface LaneDefinition<I = unknown, A = unknown> {
  readonly name: string;
  readonly handler: RequestHandler<I, A>;
  readonly limits: LaneLimits;
  /** The injection token of the {@link Lane} in a NestJS application. */
  readonly token: symbol;
}

const NAME = /^[a-z][a-z0-9-]{0,62}$/;

/**
 * Declares a lane in front of a handler.
 *
 *     export const moves = lane('moves', move, { batch: 200 });
 *
 * Input and answer are stored as JSON: the handler gets its input as JSON gives it back (a Date is a text).
 * @param name lower case letters, digits and dashes: of its rows, its metrics, its lock. It must not change while entries are queued.
 * @param handler the same that direct requests use: `unitOfWork.request(move, input)` skips the queue
 * @throws RangeError when the name or a limit is wrong
 */
export function lane<I, A, N extends Needs>(
  name: string,
  handler: RequestHandler<I, A, N>,
  limits: Partial<LaneLimits> = {},
): LaneDefinition<I, A> {
  if (!NAME.test(name)) {
    throw new RangeError(
      `the name of a lane must be lower case letters, digits and dashes, at most 63, not ${JSON.stringify(name)}`,
    );
  }
  const all = { ...DEFAULT_LANE_LIMITS, ...limits };
  checkLimits(name, all);
  return {
    name,
    handler: handler as unknown as RequestHandler<I, A>,
    limits: all,
    token: Symbol(`backstep:lane:${name}`),
  };
}
