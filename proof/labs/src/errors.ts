/**
 * A lab did not show what it is there to show: two sessions did not interleave as they must, or the outcome is another. The lab has
 * proved nothing then.
 */
export class NotShownError extends Error {
  override readonly name = 'NotShownError';
}
