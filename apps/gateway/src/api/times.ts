import { z } from 'zod';

const WRONG_TIME = 'must be a time such as 2026-11-27T08:18:51.624Z';

/** A moment, to the millisecond; given with any offset, it is passed on in UTC. */
const Moment = z
  .string()
  .regex(
    /^[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}(?:[.][0-9]{1,3})?(?:Z|[+-][0-9]{2}:[0-9]{2})$/,
    WRONG_TIME,
  )
  .refine((text) => !Number.isNaN(Date.parse(text)), WRONG_TIME)
  .transform((text) => new Date(text).toISOString());

/** The query of a list by time. @param what begins then, such as `placed` */
export const timeQuery = (what: string) => ({
  from: Moment.optional().meta({ description: `Only those ${what} at this time or later` }),
  to: Moment.optional().meta({ description: `Only those ${what} before this time` }),
});
