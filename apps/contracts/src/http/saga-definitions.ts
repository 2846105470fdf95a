import { z } from 'zod';
import { SagaType } from './sagas.js';

const Message = z.string().meta({ description: 'The name of a message' });

const SagaStepDefinition = z
  .object({
    name: z.string(),
    kind: z.enum(['compensatable', 'pivot', 'retriable']),
    service: z.string().meta({ description: 'Whom the step asks' }),
    send: Message,
    done: Message,
    refused: Message.nullable().meta({ description: 'null: it cannot be refused' }),
    undo: Message.nullable().meta({ description: 'The command of its compensation; null: it has none' }),
    undone: Message.nullable(),
    timeoutMs: z.int().meta({ description: 'How long each attempt waits for its answer, without its random pause' }),
    attempts: z.int().meta({ description: 'How often the command is sent at most' }),
  })
  .meta({ id: 'SagaStepDefinition' });

/** A version of a saga's table, as the orchestrator has it registered. */
export const SagaDefinitionView = z
  .object({
    type: SagaType,
    version: z.int().min(1),
    startsOn: Message,
    deadlineMs: z.int().meta({ description: 'From the start until the pivot must have been asked' }),
    steps: z.array(SagaStepDefinition),
    whenUndone: SagaStepDefinition.nullable().meta({ description: 'What is sent when every compensation is done' }),
  })
  .meta({ id: 'SagaDefinition' });
export type SagaDefinitionView = Readonly<z.infer<typeof SagaDefinitionView>>;

/** `GET /sagas/definitions` */
export const SagaDefinitionViews = z.object({ items: z.array(SagaDefinitionView) });
