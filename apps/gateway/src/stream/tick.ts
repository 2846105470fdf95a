import { Time } from '@backstep/contracts/http';
import { z } from 'zod';

const count = z.int().min(0);
const perService = <Value extends z.ZodType>(value: Value) => z.record(z.string(), value);

/** `GET /standing` of a service. */
export const StandingView = z.object({
  parked: z.object({ poisoned: count, held: count }),
  outbox: z.object({ unpublished: count, oldestAgeMs: z.number() }),
  group: z
    .object({
      id: z.string(),
      positions: z.array(z.object({ topic: z.string(), partition: z.int(), committed: z.string().nullable() })),
    })
    .nullable(),
});
export type StandingView = z.infer<typeof StandingView>;

/** `GET /sagas/counts` of the orchestrator. */
export const SagaCountsView = z.object({ RUNNING: count, COMPENSATING: count, STUCK: count, UNREGISTERED: count });

/** `GET /health/ready` of a service, as far as it is shown. */
export const ReadinessView = z.object({ status: z.string() });

/** How the whole system is, once a second. A service that does not answer is missing in `parked` and `unpublished`, not zero. */
export const Tick = z
  .object({
    at: Time,
    rates: z
      .object({ placed: count, confirmed: count, rejected: count })
      .meta({ description: 'Events of orders since the last tick, as Kafka has them' }),
    inFlight: count
      .nullable()
      .meta({ description: 'Sagas that run or compensate; null when the orchestrator does not answer' }),
    sagas: SagaCountsView.nullable().meta({ description: 'Those that have not ended' }),
    parked: perService(z.object({ poisoned: count, held: count })),
    unpublished: perService(count),
    oldestUnpublishedMs: count,
    lag: perService(count).meta({ description: 'By consumer group: messages that it has not read yet' }),
    health: perService(z.enum(['ok', 'down', 'unreachable'])),
  })
  .meta({ id: 'Tick' });
export type Tick = z.infer<typeof Tick>;
