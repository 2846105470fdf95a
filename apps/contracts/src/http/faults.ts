import { z } from 'zod';
import { Time } from './fields.js';

/**
 * Between `backstep up`, which has started the services and makes faults in them, and the gateway, which is told how to ask for them: see
 * docs/decisions/0073-faults-are-made-by-who-starts.md.
 */
export const FAULT_KINDS = ['kill', 'pause', 'slow', 'pause-point', 'provider'] as const;
export type FaultKind = (typeof FAULT_KINDS)[number];

/** `silent`: the stand-in takes requests and answers none. `error`: it answers 500. Neither charges anything. */
export const AILMENTS = ['silent', 'error'] as const;
export type Ailment = (typeof AILMENTS)[number];

/** Where a process can be held. A spec compares them with docs/pause-points.md, which says what its death shows there. */
export const PAUSE_POINTS = [
  'placement.before-commit',
  'placement.after-commit',
  'batch.before-commit',
  'batch.after-commit',
  'batch.halving',
  'batch.parking',
  'outbox.before-publish',
  'outbox.after-ack',
  'kafka.before-offset-commit',
  'lane.before-apply',
  'express.before-handing-over',
  'express.after-commit',
  'timer.before-commit',
  'payment.before-provider-charge',
  'payment.after-provider-charge',
  'payment.before-provider-refund',
  'payment.after-provider-refund',
] as const;

export const FAULT_LIMITS = {
  /** How long a fault may last, ms: then it heals, whoever made it. */
  forMs: { min: 1_000, max: 60_000, default: 10_000 },
  /** Of a slow process: percent of the time in which it stands still. */
  level: { min: 10, max: 95, default: 80 },
} as const;

const PROCESS_NAME_MAX_CHARACTERS = 40;

/** `payment`, `payment-2` where there are several, `host` where services share a process. */
const ProcessName = z
  .string()
  .regex(/^[a-z][a-z0-9-]*$/, 'must be the name of a process, such as payment')
  .max(PROCESS_NAME_MAX_CHARACTERS);

export const FaultRequest = z
  .strictObject({
    kind: z.enum(FAULT_KINDS),
    target: z
      .strictObject({
        service: ProcessName.meta({ description: 'The process: `payment`, `payment-2`, `host`' }),
        pid: z
          .int()
          .min(1)
          .optional()
          .meta({ description: 'Refused when another process has taken the place of this one' }),
      })
      .meta({ id: 'FaultTarget' }),
    forMs: z.int().min(FAULT_LIMITS.forMs.min).max(FAULT_LIMITS.forMs.max).optional().meta({
      description: 'Milliseconds after which it heals; default 10,000. A killed process comes back by itself',
    }),
    level: z
      .int()
      .min(FAULT_LIMITS.level.min)
      .max(FAULT_LIMITS.level.max)
      .optional()
      .meta({ description: 'Of `slow`: percent of the time in which it stands still; default 80' }),
    point: z.enum(PAUSE_POINTS).optional().meta({ description: 'Of `pause-point`: where it is held' }),
    ailment: z
      .enum(AILMENTS)
      .optional()
      .meta({ description: 'Of `provider`: `silent` answers nothing, `error` answers 500; default `silent`' }),
  })
  .meta({ id: 'NewFault', examples: [{ kind: 'pause', target: { service: 'payment' }, forMs: 10_000 }] });
export type FaultRequest = z.infer<typeof FaultRequest>;

export const Fault = z
  .object({
    id: z.string(),
    kind: z.enum(FAULT_KINDS),
    target: z.object({ service: z.string(), pid: z.int().nullable() }),
    what: z.string().meta({ description: 'What is done, to whom' }),
    state: z
      .enum(['waiting', 'on', 'over'])
      .meta({ description: 'waiting: at a pause point that no process has come to yet' }),
    startedAt: Time,
    healsAt: Time.nullable().meta({ description: 'null: a killed process is back when it is ready' }),
    endedAt: Time.nullable(),
  })
  .meta({ id: 'Fault' });
export type Fault = z.infer<typeof Fault>;

const FaultyProcess = z
  .object({
    service: z.string(),
    pid: z.int().nullable().meta({ description: 'null while it is down' }),
    state: z.enum(['starting', 'up', 'down', 'paused', 'slow', 'held']),
    startedAt: Time.nullable(),
    restarts: z.int().meta({ description: 'Since everything was started' }),
  })
  .meta({ id: 'SystemProcess' });
export type FaultyProcess = z.infer<typeof FaultyProcess>;

export const FaultList = z
  .object({
    processes: z.array(FaultyProcess).meta({ description: 'What was started here, and faults can be made in' }),
    items: z.array(Fault).meta({ description: 'Those that are on, and the latest that are over; the newest first' }),
    points: z.array(z.string()).meta({ description: 'Where a process can be held' }),
    faultsMax: z.int().meta({ description: 'So many may be on at once' }),
    takenAt: Time,
  })
  .meta({ id: 'FaultList' });
export type FaultList = z.infer<typeof FaultList>;

export const Healed = z
  .object({ healed: z.int().meta({ description: 'How many faults were on, and are over now' }) })
  .meta({ id: 'Healed' });
export type Healed = z.infer<typeof Healed>;
