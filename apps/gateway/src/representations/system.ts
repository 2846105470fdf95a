import { SagaDefinitionView } from '@backstep/contracts/http';
import { z } from 'zod';

const Checks = z.record(
  z.string(),
  z.object({ status: z.enum(['ok', 'down']), detail: z.string().optional(), durationMs: z.int() }),
);

/** `GET /health/ready` of a service, whether it answers 200 or 503. */
export const ReadinessView = z.object({ status: z.enum(['ok', 'down']), checks: Checks });
export type ReadinessView = z.infer<typeof ReadinessView>;

const SystemService = z
  .object({
    name: z.string(),
    status: z.enum(['ok', 'down', 'unreachable']).meta({ description: 'down: it answers, and is not ready' }),
    checks: Checks.meta({ description: 'What it depends on, as it last found it; empty while it is unreachable' }),
  })
  .meta({ id: 'SystemService' });
export type SystemService = z.infer<typeof SystemService>;

const SystemTestCard = z
  .object({
    id: z.string().meta({ description: 'The `paymentMethod` of an order' }),
    does: z.string().meta({ description: 'What a charge to it does' }),
    charge: z.enum(['approved', 'declined']).meta({ description: 'How a charge to it ends' }),
    refund: z
      .enum(['made', 'refused'])
      .meta({ description: 'refused: for good, unless a person makes it at the provider' }),
  })
  .meta({ id: 'SystemTestCard' });

const served = z.boolean();

export const System = z
  .object({
    version: z.string().meta({ description: 'Of the API' }),
    revision: z.string().nullable().meta({ description: 'The commit it was built from; null when nobody has said' }),
    mode: z.enum(['development', 'production']),
    capabilities: z
      .object({
        faults: served.meta({ description: 'Faults can be made and healed here' }),
        doctor: served.meta({ description: 'The invariants are checked here' }),
        contention: served.meta({ description: 'What writes lose to each other is told here' }),
      })
      .meta({ description: 'What not every gateway serves' }),
    services: z.array(SystemService).meta({ description: 'The gateway that answers, and those behind it' }),
    definitions: z
      .array(SagaDefinitionView)
      .nullable()
      .meta({ description: 'Every version of a saga that is registered; null when the orchestrator does not answer' }),
    testCards: z.array(SystemTestCard).meta({
      description: 'Of the stand-in. Of Stripe itself, in its test mode, those whose names Stripe knows',
    }),
    notServed: z
      .array(z.object({ country: z.string(), because: z.string() }))
      .meta({ description: 'Where the carrier does not deliver: it refuses, after the charge' }),
  })
  .meta({ id: 'System' });
export type System = z.infer<typeof System>;
