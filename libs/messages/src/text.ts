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
