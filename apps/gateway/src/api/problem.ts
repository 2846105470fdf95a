import { FIELD_ERRORS_MAX } from '@backstep/problems';
import { z } from 'zod';

/** The body of every refusal. */
export const Problem = z
  .looseObject({
    type: z.string().meta({ description: 'What kind of problem, for programs: it does not change', format: 'uri' }),
    title: z.string().meta({ description: 'The same for people' }),
    status: z.int(),
    detail: z.string().optional().meta({ description: 'What is wrong this time' }),
    instance: z.string().optional().meta({ description: 'The path that was asked', format: 'uri-reference' }),
    requestId: z.string().optional().meta({ description: 'Look for it in the logs' }),
    errors: z
      .array(
        z.object({
          in: z.enum(['body', 'query', 'path', 'header']),
          field: z.string(),
          pointer: z.string().optional().meta({ description: 'In a body: its JSON Pointer as a URI fragment' }),
          message: z.string(),
        }),
      )
      .max(FIELD_ERRORS_MAX)
      .optional(),
    current: z
      .looseObject({})
      .optional()
      .meta({ description: 'Of a resource that is not as the request has it: as it is now' }),
    yours: z.looseObject({}).optional().meta({ description: 'The change that was asked for' }),
    changedSince: z
      .array(
        z.object({
          version: z.int(),
          fields: z.array(z.string()),
          at: z.iso.datetime(),
          by: z.string().optional(),
        }),
      )
      .optional()
      .meta({
        description: 'What has changed since the version that If-Match names; left out where that is not known',
      }),
    clashing: z
      .array(z.union([z.string(), z.looseObject({})]))
      .optional()
      .meta({
        description: 'Fields, or operations, of the change that clash with what has changed since that version',
      }),
  })
  .meta({ id: 'Problem', description: 'RFC 9457' });
export type Problem = z.infer<typeof Problem>;
