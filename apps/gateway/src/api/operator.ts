import { freeText, IdempotencyKey } from '@backstep/messages';
import { PROBLEMS } from '@backstep/problems';
import { z } from 'zod';
import { IfMatch } from './etag.js';

const REASON_MAX_CHARACTERS = 500;
const OPERATOR_MAX_CHARACTERS = 100;

/** Why an operator acts. @param kept where it is kept, for the document */
export const Reason = (kept: string) => freeText(REASON_MAX_CHARACTERS).meta({ description: `Why; kept ${kept}` });

/** The name of an operator: a name, and no proof of anything. */
export const OperatorName = z
  .string()
  .regex(/^[\x21-\x7e](?:[\x20-\x7e]*[\x21-\x7e])?$/, 'must say who acts, in printable ASCII characters')
  .max(OPERATOR_MAX_CHARACTERS);

export const OPERATOR_HEADER = { 'X-Operator': OperatorName.meta({ description: 'Who acts' }) };

/** The headers of what operators do: who acts, on what they have seen, once. @param seen what If-Match must name, for the document */
export const operatorHeaders = (seen: string) => ({
  'If-Match': IfMatch.meta({ description: seen }),
  ...OPERATOR_HEADER,
  'Idempotency-Key': IdempotencyKey.optional().meta({
    description: 'Repeated with the same key, it is done once',
  }),
});

/** Without the version that was seen, nobody acts: for `absentHeaders`. */
export const SEEN_IS_REQUIRED = { 'If-Match': PROBLEMS.preconditionRequired };

/** The query of an action that can be tried. */
export const DRY_RUN = {
  dryRun: z.enum(['true', 'false']).optional().meta({ description: '`true`: show what would be done, and do nothing' }),
};

interface OperatorHeaders {
  readonly 'If-Match': string;
  readonly 'X-Operator': string;
  readonly 'Idempotency-Key'?: string | undefined;
}

/** The same for the service that acts. */
export const operatorHeadersOf = (headers: OperatorHeaders) => ({
  'if-match': headers['If-Match'],
  'x-operator': headers['X-Operator'],
  'idempotency-key': headers['Idempotency-Key'],
});
