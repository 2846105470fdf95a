import { consumerGroupOf, SERVICES } from '@backstep/contracts';
import type { Direction } from '@backstep/kafka';
import { z } from 'zod';

/** Where a page begins: an end of the log, an offset in each partition, a time, or where a consumer group stands. */
export type Seek =
  | { readonly at: 'earliest' | 'latest' }
  | { readonly at: 'offset'; readonly offset: bigint }
  | { readonly at: 'time'; readonly sinceMs: number }
  | { readonly at: 'group'; readonly group: string };

export const GROUPS = SERVICES.map(consumerGroupOf);
const OFFSET_MAX = 2n ** 63n - 1n;
const GROUP_NAMES = GROUPS.map((name) => name.replaceAll('.', '[.]')).join('|');
/** RFC 3339, as people type it too: seconds and their fraction may be left out, and `Z` means UTC. */
const TIME = '[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}(?::[0-9]{2}(?:[.][0-9]{1,9})?)?(?:Z|[+-][0-9]{2}:[0-9]{2})';
const PATTERN = new RegExp(`^(?:earliest|latest|offset:(?:0|[1-9][0-9]{0,18})|time:${TIME}|group:(?:${GROUP_NAMES}))$`);

export const SeekText = z
  .string()
  .regex(PATTERN, `must be earliest, latest, offset:<number>, time:<RFC 3339> or group:<${GROUPS.join('|')}>`)
  .transform((text, context): Seek => {
    if (text === 'earliest' || text === 'latest') return { at: text };
    const colon = text.indexOf(':');
    const [kind, rest] = [text.slice(0, colon), text.slice(colon + 1)];
    if (kind === 'group') return { at: 'group', group: rest };
    if (kind === 'offset') {
      const offset = BigInt(rest);
      if (offset <= OFFSET_MAX) return { at: 'offset', offset };
      context.addIssue({ code: 'custom', message: 'has an offset above 2^63 - 1' });
      return z.NEVER;
    }
    const sinceMs = Date.parse(rest);
    if (sinceMs >= 0) return { at: 'time', sinceMs };
    context.addIssue({ code: 'custom', message: 'must have a time since 1970' });
    return z.NEVER;
  });

/** From the end of the log there is nothing to read but back. */
export const directionFrom = (seek: Seek | undefined): Direction =>
  seek === undefined || seek.at === 'latest' ? 'backward' : 'forward';
