import { holdsCardNumber } from '@backstep/redaction';
import { z } from 'zod';

/**
 * What Unicode calls control characters (Cc), by their numbers: `\p` needs a flag that JSON Schema has no place for, and not every
 * engine knows `\u`.
 */
export const NO_CONTROL_CHARACTERS = new RegExp(String.raw`^[^\x00-\x1f\x7f-\x9f]*$`);

/** Text that people write. No control characters: PostgreSQL's jsonb refuses U+0000, and labels cannot print the others. */
export const line = (max: number) =>
  z
    .string()
    .trim()
    .min(1)
    .max(max)
    .regex(NO_CONTROL_CHARACTERS, 'must not contain control characters')
    // Half a surrogate pair can be written in JSON, and in no database.
    .refine((text) => !/\p{Cs}/u.test(text), 'must be well-formed Unicode');

/** The same where it comes in and is kept. Messages are not checked: what is on its way already is not poisoned by it. */
export const freeText = (max: number) =>
  line(max).refine((text) => !holdsCardNumber(text), 'must not contain a card number');

/** What a client may name a request by, in the header `Idempotency-Key`. */
export const IdempotencyKey = z
  .string()
  // HTTP takes white space off both ends of a header.
  .regex(/^[\x21-\x7e](?:[\x20-\x7e]{0,253}[\x21-\x7e])?$/, 'must have 1 to 255 printable ASCII characters')
  .refine((text) => !holdsCardNumber(text), 'must not contain a card number');
