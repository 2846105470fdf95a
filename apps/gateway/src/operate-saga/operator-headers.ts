import { freeText } from '@backstep/messages';
import { z } from 'zod';

const REASON_MAX_CHARACTERS = 500;
const OPERATOR_MAX_CHARACTERS = 100;

/** Why an operator acts. @param kept with what it is kept, such as `the saga` */
export const Reason = (kept: string) =>
  freeText(REASON_MAX_CHARACTERS).meta({
    description: `Why; kept with ${kept} for whoever looks at it next. Customers are not told.`,
  });

/** The name of an operator: a name, and no proof of anything. */
export const OperatorName = z
  .string()
  .regex(/^[\x21-\x7e](?:[\x20-\x7e]*[\x21-\x7e])?$/, 'must say who acts, in printable ASCII characters')
  .max(OPERATOR_MAX_CHARACTERS);

export const OPERATOR_HEADER = { 'X-Operator': OperatorName.meta({ description: 'Who acts' }) };

/** The query of an action that can be tried. */
export const DRY_RUN = {
  dryRun: z.enum(['true', 'false']).optional().meta({ description: '`true`: show what would be done, and do nothing' }),
};
