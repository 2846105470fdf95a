import { holdsCardNumber } from '@backstep/redaction';
import { z } from 'zod';

/**
 * Text without Unicode's control characters (Cc), which are given by their numbers: `\p` needs a flag, for which JSON Schema has no place, and
 * not every engine knows `\u`.
 */
export const NO_CONTROL_CHARACTERS = new RegExp(String.raw`^[^\x00-\x1f\x7f-\x9f]*$`);

/** A line of text that people write. Without control characters: PostgreSQL's jsonb refuses U+0000, and labels cannot print the others. */
export const line = (max: number) =>
  z
    .string()
    .trim()
    .min(1)
    .max(max)
    .regex(NO_CONTROL_CHARACTERS, 'must not contain control characters')
    // JSON can hold half of a surrogate pair, and no database can.
    .refine((text) => !/\p{Cs}/u.test(text), 'must be well-formed Unicode');

/** A line that may not hold a card number, for input that is stored. Not for messages: one that is on its way already would be poisoned. */
export const freeText = (max: number) =>
  line(max).refine((text) => !holdsCardNumber(text), 'must not contain a card number');

/** The header `Idempotency-Key`, by which a client identifies a request. */
export const IdempotencyKey = z
  .string()
  // HTTP removes white space from both ends of a header.
  .regex(/^[\x21-\x7e](?:[\x20-\x7e]{0,253}[\x21-\x7e])?$/, 'must have 1 to 255 printable ASCII characters')
  .refine((text) => !holdsCardNumber(text), 'must not contain a card number');
