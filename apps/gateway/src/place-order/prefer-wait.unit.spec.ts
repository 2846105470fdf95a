import { describe, expect, it } from '@jest/globals';
import { PLACE_ORDERS } from '@backstep/contracts/http';
import fc from 'fast-check';
import { preferredWait } from './prefer-wait.js';

/** Goal: a preference is understood or ignored, never an error, and it is within bounds. */
const { waitMaxSeconds } = PLACE_ORDERS;

describe('Prefer: wait', () => {
  it.each([
    ['wait=10', 10],
    ['respond-async, wait=10', 10],
    ['WAIT = "5"; strict', 5],
    ['wait=3, wait=9', 3],
    ['wait=0', 0],
    ['wait=999999', waitMaxSeconds],
  ])('the preference %s waits %d seconds', (prefer, seconds) => expect(preferredWait(prefer)).toBe(seconds));

  it.each([undefined, '', 'wait', 'wait=', 'wait=-1', 'wait=soon', 'await=5', 'wait=1e3'])(
    'a preference that cannot be read is ignored: %s',
    (prefer) => expect(preferredWait(prefer)).toBe(0),
  );

  it('whatever is sent, the wait is a whole number of seconds within its bounds', () => {
    const sent = fc.oneof(
      fc.string(),
      fc.nat().map((seconds) => `wait=${seconds}`),
    );
    fc.assert(
      fc.property(sent, (prefer) => {
        const seconds = preferredWait(prefer);
        expect(Number.isInteger(seconds) && seconds >= 0 && seconds <= waitMaxSeconds).toBe(true);
      }),
    );
  });
});
