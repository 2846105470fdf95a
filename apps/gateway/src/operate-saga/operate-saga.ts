import { IdempotencyKey } from '@backstep/messages';
import { SagaAction, SagaState } from '@backstep/contracts/http';
import { PROBLEMS } from '@backstep/problems';
import { z } from 'zod';
import { IfMatch } from '../api/etag.js';
import { operation } from '../api/operation.js';
import { PATHS } from '../paths.js';
import { Saga } from '../representations/saga.js';
import { DRY_RUN, OPERATOR_HEADER, Reason } from '../api/operator.js';

const OperateSaga = z
  .strictObject({
    reason: Reason('with the saga for whoever looks at it next. Customers are not told.'),
  })
  .meta({ id: 'OperateSaga', examples: [{ reason: 'the carrier is back, INC-42' }] });

const SagaCommand = z
  .object({
    id: z.string().meta({ description: 'The `ce_id` of the message' }),
    type: z.string(),
    topic: z.string(),
    key: z.string(),
    commandId: z.string(),
    data: z.record(z.string(), z.unknown()),
  })
  .meta({ id: 'SagaCommand', description: 'A command, as Kafka carries it' });

export const SagaOperation = z
  .object({
    action: SagaAction,
    dryRun: z.boolean(),
    transition: z.object({ from: SagaState, to: SagaState }),
    commands: z.array(SagaCommand).meta({ description: 'What is sent; of a dry run, what would be, to the ids' }),
    saga: Saga.meta({ description: 'As it is now; of a dry run, as it would be' }),
  })
  .meta({ id: 'SagaOperation' });
export type SagaOperation = z.infer<typeof SagaOperation>;

/** The declaration that all actions share. */
const operateSaga = <Path extends string>(
  id: string,
  path: Path,
  { summary, description }: Readonly<Record<'summary' | 'description', string>>,
) =>
  operation({
    id,
    operator: true,
    method: 'POST',
    path,
    tag: 'Sagas',
    summary,
    description:
      `${description} It is kept with the saga who did it, when and why. With \`dryRun=true\` nothing is done, and the answer ` +
      'tells the very commands that the same request would send.',
    params: { sagaId: z.uuid() },
    query: DRY_RUN,
    headers: {
      'If-Match': IfMatch.meta({ description: 'The ETag the saga was read with: nobody acts on what has moved on.' }),
      ...OPERATOR_HEADER,
      'Idempotency-Key': IdempotencyKey.optional().meta({
        description: 'Repeated with the same key, it is done once',
      }),
    },
    absentHeaders: { 'If-Match': PROBLEMS.preconditionRequired },
    body: OperateSaga,
    answers: {
      200: {
        description: 'What was done, or would be',
        content: { 'application/json': SagaOperation },
        headers: { ETag: "The saga's version now", 'Idempotency-Replayed': '`true` when it was done before' },
      },
    },
    problems: [
      PROBLEMS.notFound,
      PROBLEMS.conflict,
      PROBLEMS.preconditionRequired,
      PROBLEMS.preconditionFailed,
      PROBLEMS.idempotencyKeyReused,
      PROBLEMS.contended,
      PROBLEMS.unavailable,
    ],
  });

export const retrySaga = operateSaga('retrySaga', PATHS.sagaRetry, {
  summary: 'Ask once more what a stuck saga waits for',
  description:
    'Of a STUCK saga: the awaited command is sent again under the same command id, with a fresh budget. Participants answer ' +
    'again from what they know, so nothing happens twice.',
});

export const skipSaga = operateSaga('skipSaga', PATHS.sagaSkip, {
  summary: 'Declare the awaited step done by hand',
  description:
    'The saga goes on as if the step, or its compensation, had been answered. For where there is no way back and somebody has ' +
    'done it outside of the system.',
});

export const compensateSaga = operateSaga('compensateSaga', PATHS.sagaCompensate, {
  summary: 'Turn a saga back',
  description: 'What ran is taken back, the latest first. Only before the pivot was asked.',
});

export const abandonSaga = operateSaga('abandonSaga', PATHS.sagaAbandon, {
  summary: 'Give a saga up',
  description:
    'Nothing more is undone; the order is still told its end. What may be left behind stays in sight: the steps are ' +
    '`abandoned`, `backstep doctor` names the money and the stock, and the saga is never purged.',
});
