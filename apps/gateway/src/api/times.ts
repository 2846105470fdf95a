import { ProblemError, PROBLEMS } from '@backstep/problems';
import { z } from 'zod';

const WRONG_TIME = 'must be a time such as 2026-11-27T08:18:51.624Z';
const SHAPE = /^[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}(?:[.][0-9]{1,3})?(?:Z|[+-][0-9]{2}:[0-9]{2})$/;
const IN_UTC_LENGTH = '2026-11-27T08:18:51.624Z'.length;

/** `Date` makes the 2nd of March of a 30th of February, and six digits of a year before 0 or after 9999. */
const exists = (text: string): boolean =>
  z.iso.datetime({ offset: true }).safeParse(text).success && new Date(text).toISOString().length === IN_UTC_LENGTH;

/** A moment, to the millisecond; given with any offset, it is passed on in UTC. */
const Moment = z
  .string()
  .regex(SHAPE, { error: WRONG_TIME, abort: true })
  .refine(exists, WRONG_TIME)
  .transform((text) => new Date(text).toISOString());

/** The query of a list by time. @param what begins then, such as `placed` */
export const timeQuery = (what: string) => ({
  from: Moment.optional().meta({ description: `Only those ${what} at this time or later` }),
  to: Moment.optional().meta({ description: `Only those ${what} before this time, which is not before \`from\`` }),
});

const BACKWARD = 'must not be before `from`';

/** @throws ProblemError `validation` that names `to`, where it is before `from` */
export function checkTimes({
  from,
  to,
}: {
  readonly from?: string | undefined;
  readonly to?: string | undefined;
}): void {
  // Both are in UTC and of one length: they sort as text.
  if (from === undefined || to === undefined || to >= from) return;
  throw new ProblemError(PROBLEMS.validation, {
    detail: `to: ${BACKWARD}`,
    errors: [{ in: 'query', field: 'to', message: BACKWARD }],
  });
}
