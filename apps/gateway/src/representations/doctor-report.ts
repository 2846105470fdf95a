import { Time } from '@backstep/contracts/http';
import { z } from 'zod';

const Count = z.int();
const Counts = z.record(z.string(), Count);

const NamedMessage = z.object({
  id: z.string(),
  type: z.string().optional(),
  topic: z.string().optional(),
  partition: Count.optional(),
  offset: z.string().optional(),
});

const Violation = z
  .object({
    invariant: z.string(),
    what: z.string().meta({ description: 'What is wrong, with its ids' }),
    remedy: z.string(),
    orderId: z.string().optional(),
    sagaId: z.string().optional(),
    sku: z.string().optional(),
    messages: z.array(NamedMessage).optional(),
    references: z.array(z.string()).optional(),
  })
  .meta({ id: 'Violation' });

const Invariant = z
  .object({
    id: z.string().meta({ description: '`I3`' }),
    title: z.string().meta({ description: 'What holds' }),
    found: Count.meta({ description: 'How many violations there are; `violations` may hold fewer' }),
    violations: z.array(Violation),
  })
  .meta({ id: 'Invariant' });

const InFlight = z.object({
  orderId: z.string(),
  status: z.string(),
  ageMs: Count,
  waitsFor: z.string().nullable(),
});

const Attention = z.object({
  what: z.string(),
  remedy: z.string(),
  orderId: z.string(),
  sagaId: z.string().optional(),
  message: NamedMessage.optional(),
});

const Totals = z.object({
  orders: z.object({ examined: Count, all: Count, byStatus: Counts }),
  sagas: Counts,
  money: z
    .record(z.string(), z.object({ captured: Count, refunded: Count }))
    .nullable()
    .meta({ description: 'Minor units at the provider, by currency; null where it has no ledger to read' }),
  stock: z.object({ skus: Count, onHand: Count, reserved: Count }),
  messages: z.object({
    inKafka: Count,
    unreadable: Count,
    unreadablePlaces: z.array(z.object({ topic: z.string(), partition: Count, offset: z.string() })),
    unpublished: Count,
    goneWithTheirLogs: Count,
  }),
  logResets: z.array(
    z.object({ service: z.string(), topic: z.string(), partition: Count, times: Count, lastAt: z.number() }),
  ),
  parked: z.object({ poisoned: Count, held: Count, discarded: Count }),
});

/** What `npx backstep doctor --json` prints. */
export const DoctorReport = z
  .object({
    takenAt: Time,
    tookMs: Count.meta({ description: 'What it has cost' }),
    clean: z
      .boolean()
      .meta({ description: 'No violation. What is on its way, and what waits for an operator, is none' }),
    atRest: z.boolean().meta({ description: 'Nothing was under way any more' }),
    invariants: z.array(Invariant),
    inFlight: z.object({ count: Count, orders: z.array(InFlight) }),
    attention: z.object({ count: Count, items: z.array(Attention) }),
    totals: Totals,
  })
  .meta({ id: 'DoctorReport' });
export type DoctorReport = z.infer<typeof DoctorReport>;
