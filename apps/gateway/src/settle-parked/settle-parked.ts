import { PROBLEMS, type ProblemType } from '@backstep/problems';
import { z } from 'zod';
import { operation } from '../api/operation.js';
import { DRY_RUN, operatorHeaders, Reason, SEEN_IS_REQUIRED } from '../api/operator.js';
import { PATHS } from '../paths.js';
import { Service } from '../representations/parked-message.js';

const SettleParked = z
  .strictObject({ reason: Reason('for whoever asks who settled it.') })
  .meta({ id: 'SettleParked', examples: [{ reason: 'the handler is mended, INC-42' }] });

const place = { topic: z.string(), partition: z.int(), offset: z.string().meta({ description: 'Decimal, 64 bit' }) };

const Settled = z
  .object({
    id: z.uuid(),
    key: z.string(),
    type: z.string().nullable(),
    ...place,
    cause: z.string(),
    attempts: z.int(),
  })
  .meta({ id: 'SettledMessage', description: 'A parked message as it was when somebody acted on it' });

const Released = z
  .object({ id: z.uuid(), type: z.string().nullable(), ...place })
  .meta({ id: 'ReleasedMessage', description: 'A message that waits behind a parked one' });

const DecidedState = z
  .object({
    version: z.int().nullable().meta({ description: 'null where the database makes it, in the write' }),
    state: z.string().nullable().meta({ description: 'Its `status` or `state`; null where it has neither' }),
  })
  .meta({ id: 'DecidedState' });
const DecidedRow = z
  .object({
    table: z.string(),
    key: z.string(),
    from: DecidedState.nullable().meta({ description: 'null: it is not there' }),
    to: DecidedState.nullable().meta({ description: 'null: it would be removed' }),
  })
  .meta({ id: 'DecidedRow' });
const DecidedMessage = z
  .object({
    type: z.string(),
    topic: z.string(),
    key: z.string(),
    commandId: z.string().nullable(),
    data: z.unknown().meta({ description: 'Without secrets; null where it is larger than 32 kB' }),
  })
  .meta({ id: 'DecidedMessage', description: 'A message that would be sent. Its id is made when it is' });
const Decision = z
  .object({
    messages: z.array(DecidedMessage),
    rows: z.array(DecidedRow),
    effects: z.array(z.string()).meta({ description: 'What would follow in the service itself, by name' }),
    truncated: z.boolean().meta({ description: 'More than 100 messages or rows' }),
  })
  .meta({ id: 'ReplayDecision', description: 'What the handler decides now. The write ran, and was rolled back' });

const Failure = z
  .object({ cause: z.string(), error: z.string() })
  .meta({ id: 'ReplayFailure', description: 'Why it would fail again' });

/** As each service answers it. */
export const ParkedOperationView = z.object({
  id: z.uuid(),
  action: z.enum(['replay', 'discard']),
  dryRun: z.boolean(),
  state: z.enum(['handled', 'discarded', 'poisoned']),
  message: Settled,
  wouldRelease: z.array(Released),
  decision: Decision.nullable(),
  failure: Failure.nullable(),
});
export type ParkedOperationView = z.infer<typeof ParkedOperationView>;

export const ParkedOperation = ParkedOperationView.extend({
  service: Service,
  state: z.enum(['handled', 'discarded', 'poisoned']).meta({
    description: 'What became of it; of a dry run, what would: `poisoned` when the replay would fail again',
  }),
  wouldRelease: z.array(Released).meta({
    description:
      'What waits behind it and is handled next, in this order; at most 500. Of a dry run, what would be. What the handler decides of these depends on what it does of those before',
  }),
  decision: Decision.nullable().meta({ description: 'Of the dry run of a replay that would succeed' }),
  failure: Failure.nullable().meta({ description: 'Of the dry run of a replay that would fail again' }),
}).meta({ id: 'ParkedOperation', description: 'What was done about a parked message, or would be' });
export type ParkedOperation = z.infer<typeof ParkedOperation>;

type Texts = Readonly<Record<'summary' | 'description', string>>;

/** The declaration that both actions share. */
const settleParked = <Path extends string>(
  id: string,
  path: Path,
  { summary, description, problems }: Texts & { readonly problems: readonly ProblemType[] },
) =>
  operation({
    id,
    operator: true,
    method: 'POST',
    path,
    tag: 'Parked messages',
    summary,
    description:
      `${description} The service keeps who did it, when and why. With \`dryRun=true\` nothing is done, and the answer tells what the same ` +
      'request would do.',
    params: { messageId: z.uuid() },
    query: {
      service: Service.optional().meta({
        description:
          'Where it is parked, as the list tells. Left out, the services are asked in turn, and the first that has it acts.',
      }),
      ...DRY_RUN,
    },
    headers: operatorHeaders('The version the message was listed with: nobody acts on what has moved on.'),
    absentHeaders: SEEN_IS_REQUIRED,
    body: SettleParked,
    answers: {
      200: {
        description: 'What was done, or would be',
        content: { 'application/json': ParkedOperation },
        headers: { 'Idempotency-Replayed': '`true` when it was done before; then nothing is released now' },
      },
    },
    problems: [
      PROBLEMS.notFound,
      PROBLEMS.conflict,
      PROBLEMS.preconditionRequired,
      PROBLEMS.preconditionFailed,
      PROBLEMS.idempotencyKeyReused,
      PROBLEMS.unavailable,
      PROBLEMS.handlerTimeout,
      ...problems,
    ],
  });

export const replayParked = settleParked('replayParked', PATHS.replay, {
  summary: 'Handle a parked message again',
  description:
    'When it is handled now, those that waited behind it follow. When it fails again it stays parked. One that is cut, or is not the first ' +
    'of its key, is refused.',
  problems: [PROBLEMS.contended],
});

export const discardParked = settleParked('discardParked', PATHS.discard, {
  summary: 'Give a parked message up',
  description:
    'It is never handled; those that waited behind it follow. It stays in the list as discarded. One that waits itself is refused.',
  problems: [],
});
