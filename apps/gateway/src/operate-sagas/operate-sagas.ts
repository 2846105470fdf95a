import { IdempotencyKey } from '@backstep/messages';
import { SagaAction } from '@backstep/contracts/http';
import { PROBLEMS } from '@backstep/problems';
import { z } from 'zod';
import { IfMatch } from '../api/etag.js';
import { operation } from '../api/operation.js';
import { Problem } from '../api/problem.js';
import { DRY_RUN, OPERATOR_HEADER, Reason } from '../api/operator.js';
import { SagaOperation } from '../operate-saga/operate-saga.js';
import { PATHS } from '../paths.js';

/** Sagas that one request acts on. */
export const TARGETS_MAX = 100;

const OperateSagas = z
  .strictObject({
    action: SagaAction,
    reason: Reason('with each saga for whoever looks at it next. Customers are not told.'),
    targets: z
      .array(
        z.strictObject({
          sagaId: z.uuid(),
          ifMatch: IfMatch.meta({ description: 'The ETag the saga was read with: nobody acts on what has moved on.' }),
        }),
      )
      .min(1)
      .max(TARGETS_MAX)
      .meta({ description: 'Each saga once, by name: there is no action on all that match' }),
  })
  .meta({
    id: 'OperateSagas',
    examples: [
      {
        action: 'retry',
        reason: 'the carrier is back, INC-42',
        targets: [{ sagaId: '5b3f3a52-0c5e-5c1e-9d57-3c3b7f6f0a11', ifMatch: '"v7"' }],
      },
    ],
  });

const OperatedSaga = z
  .object({
    sagaId: z.uuid(),
    status: z.int().meta({ description: 'The status that the action on this saga alone would have been answered' }),
    replayed: z.boolean().meta({ description: 'It was done before, by a request with the same key' }),
    operation: SagaOperation.nullable(),
    problem: Problem.nullable(),
  })
  .meta({ id: 'OperatedSaga', description: 'What became of the action on one saga: either `operation` or `problem`' });

export const OperatedSagas = z
  .object({ items: z.array(OperatedSaga).meta({ description: 'In the order of `targets`' }) })
  .meta({ id: 'OperatedSagas' });
export type OperatedSagas = z.infer<typeof OperatedSagas>;

export const operateSagas = operation({
  id: 'operateSagas',
  operator: true,
  method: 'POST',
  path: PATHS.sagaOperations,
  tag: 'Sagas',
  summary: 'Act on several sagas, each by itself',
  description:
    `Up to ${TARGETS_MAX} sagas, each with the version it was read with. What is refused of one keeps no other back, so the answer is 200 with a ` +
    'status for each; 503 when none could be asked. With `dryRun=true` nothing is done, and the answer tells the very commands that the ' +
    'same request would send.',
  query: DRY_RUN,
  headers: {
    ...OPERATOR_HEADER,
    'Idempotency-Key': IdempotencyKey.optional().meta({
      description: 'Repeated with the same key, the action is done once to each saga',
    }),
  },
  body: OperateSagas,
  answers: {
    200: { description: 'What became of each', content: { 'application/json': OperatedSagas } },
  },
  problems: [PROBLEMS.contended, PROBLEMS.unavailable],
});
