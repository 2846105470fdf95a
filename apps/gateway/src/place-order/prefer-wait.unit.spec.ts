import { describe, expect, it } from '@jest/globals';
import { preferredWait, WAIT_MAX_SECONDS } from './prefer-wait.js';

describe('Prefer: wait', () => {
  it.each([
    ['wait=10', 10],
    ['respond-async, wait=10', 10],
    ['WAIT = "5"; strict', 5],
    ['wait=3, wait=9', 3],
    ['wait=0', 0],
    ['wait=999999', WAIT_MAX_SECONDS],
  ])('%s', (prefer, seconds) => expect(preferredWait(prefer)).toBe(seconds));

  it.each([undefined, '', 'wait', 'wait=', 'wait=-1', 'wait=soon', 'await=5', 'wait=1e3'])(
    'is ignored when it is %s',
    (prefer) => expect(preferredWait(prefer)).toBe(0),
  );
});
