import { OrderId } from '@backstep/contracts';
import { UUID_KEY } from '@backstep/problems';
import { z } from 'zod';
import { operation } from '../api/operation.js';
import { cursorOf, namedPageOf, pageQuery } from '../api/page.js';
import { OperatorName } from '../api/operator.js';
import { PATHS } from '../paths.js';
import { OperatorAction, OperatorOperation } from '../representations/operation.js';
import { Service } from '../representations/parked-message.js';

const OperationPage = namedPageOf('OperationItems', OperatorOperation)
  .extend({
    unreachable: z
      .array(Service)
      .meta({ description: 'Services that did not answer: what operators did there is missing from this page' }),
  })
  .meta({ id: 'OperationPage' });
export type OperationPage = z.infer<typeof OperationPage>;

export const listOperations = operation({
  id: 'listOperations',
  operator: true,
  method: 'GET',
  path: PATHS.operations,
  tag: 'Operations',
  summary: 'List what operators did, newest first',
  description:
    'Who did what to which saga or parked message, why, from which state to which, and what was sent for it. What was done to a saga is kept ' +
    'as long as the saga; of one that was abandoned, or had a step skipped, for ever. What was done to a parked message is kept for ' +
    '`PARKED_OPERATIONS_RETAIN_DAYS` of its service, 90 by default.',
  query: {
    by: OperatorName.optional().meta({ description: 'Only what this operator did' }),
    action: OperatorAction.optional(),
    orderId: OrderId.optional(),
    // Each service cuts its own list by the same key, so one cursor is good for all.
    ...pageQuery(cursorOf('operations', `(?:0|[1-9][0-9]{0,14})[.]${UUID_KEY}`)),
  },
  answers: {
    200: {
      description: 'A page of operations',
      content: { 'application/json': OperationPage },
    },
  },
});
