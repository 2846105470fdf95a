import { Time } from '@backstep/contracts/http';
import { z } from 'zod';
import { Service } from './parked-message.js';

const share = z.number().meta({ description: 'From 0 to 1' });
const times = z.int();

/** So far back what is told reaches, milliseconds. */
export const WINDOW_MS = 60_000;

const Slot = z
  .object({
    at: Time.meta({ description: 'When its five seconds began' }),
    attempts: times,
    lost: times.meta({ description: 'Those of them that were lost to others' }),
  })
  .meta({ id: 'ContentionSlot' });
const series = z
  .array(Slot)
  .meta({ description: 'The minute, five seconds a part; five seconds without attempts have none' });
const KeySlot = Slot.extend({
  locked: times.meta({
    description: 'Those of them that had locked the row as they read it. What these lose is told of the entity',
  }),
}).meta({ id: 'KeySlot' });
const waitOf = (share: string) =>
  z
    .number()
    .nullable()
    .meta({ description: `Milliseconds within which ${share} reads with locks were done; null: there was none` });
const Strategy = z
  .enum(['optimistic', 'locked'])
  .meta({ description: 'locked: whoever wants it locks it as it reads it' });

const DecisionReason = z
  .object({
    rule: z.enum(['conflicts', 'time_over', 'calm', 'unwanted', 'crowded_out']).meta({
      description:
        'conflicts: more than `threshold` of its attempts were lost. time_over: it was locked for as long as it was to be, and is tried without locks. ' +
        'calm: less than `threshold` were lost. unwanted: nobody wanted it for so long. crowded_out: more keys conflict than are kept',
    }),
    measured: z
      .number()
      .meta({ description: 'A share from 0 to 1 (conflicts, calm), milliseconds (time_over, unwanted), or keys' }),
    threshold: z.number().meta({ description: 'What `measured` has passed, in its unit' }),
    attempts: times.nullable().meta({ description: 'That the share is of; null of what is no share' }),
    previous: Strategy.meta({ description: 'How it was taken before' }),
  })
  .meta({ id: 'DecisionReason' });

const EntityContention = z
  .object({
    entity: z.string().meta({ description: 'What is written: the name of its class' }),
    attempts: times.meta({ description: 'To write rows of it, in the last minute' }),
    conflicts: times.meta({ description: 'Lost because a row had changed since it was read' }),
    deadlocks: times,
    lockTimeouts: times.meta({ description: 'Lost because somebody held a row for too long' }),
    gaveUp: times.meta({ description: 'Given back as contended after too many lost attempts' }),
    lockWaitMs: z.number().meta({ description: 'What reading rows with locks took, all of them together' }),
    ratio: share.meta({ description: 'The share of attempts that were lost, from 0 to 1' }),
    burstRatio: share.meta({ description: 'The same of the last 5 seconds' }),
    class: z.enum(['low', 'medium', 'high', 'burst']).meta({
      description:
        'low: less than 5 %. medium. high: more than 20 %. burst: four times as much in the last 5 seconds as in the minute',
    }),
    lockWaitP50Ms: waitOf('half of the'),
    lockWaitP99Ms: waitOf('99 of 100'),
    series,
  })
  .meta({ id: 'EntityContention' });

const HotKey = z
  .object({
    entity: z.string(),
    key: z.string(),
    strategy: Strategy,
    forMs: z.int().meta({ description: 'For how long it has been taken so' }),
    since: Time.meta({ description: 'The same as a time, by the clock of the instance that has decided' }),
    why: DecisionReason.nullable().meta({ description: 'null: it has never been taken otherwise' }),
    share: z.number().nullable().meta({ description: 'Of its attempts that are lost; null while it is locked' }),
    attempts: times.meta({ description: 'To write it, in the last minute' }),
    lost: times.meta({ description: 'Those of them that were lost to others. Under locks none is' }),
    series: z.array(KeySlot).meta({ description: 'As of an entity' }),
  })
  .meta({ id: 'HotKey' });

export const ServiceContention = z
  .object({
    service: Service,
    status: z.enum(['idle', 'normal', 'elevated', 'high']).meta({
      description: 'idle: fewer than 100 attempts a minute. elevated: more than 10 % are lost. high: more than 20 %',
    }),
    instances: z.int().meta({ description: 'Those that have written lately, and the one that was asked' }),
    attempts: times,
    ratio: share,
    entities: z.array(EntityContention),
    hottest: z.array(HotKey).meta({ description: 'The keys that conflict most, at most ten' }),
  })
  .meta({ id: 'ServiceContention' });
export type ServiceContention = z.infer<typeof ServiceContention>;

/** As each service answers it. */
export const ContentionView = ServiceContention.omit({ service: true });

export const Contention = z
  .object({
    takenAt: Time,
    windowMs: z
      .int()
      .meta({ description: 'So far back it reaches. Shorter windows are sums of the parts of `series`' }),
    services: z.array(ServiceContention),
    unreachable: z.array(Service).meta({ description: 'Services that did not answer' }),
  })
  .meta({ id: 'Contention' });
export type Contention = z.infer<typeof Contention>;

const KeyDecision = z
  .object({
    at: Time.meta({ description: 'By the clock of the instance that has decided' }),
    from: Strategy,
    to: Strategy,
    why: DecisionReason,
  })
  .meta({ id: 'KeyDecision' });

export const KeyContention = z
  .object({
    takenAt: Time,
    service: Service,
    entity: z.string(),
    key: z.string(),
    declared: z
      .object({
        strategy: z.enum(['optimistic', 'locked', 'adaptive']),
        enter: share
          .nullable()
          .meta({ description: 'A key that loses more of its attempts is locked; null unless adaptive' }),
        leave: share.nullable().meta({ description: 'One that loses less is forgotten; null unless adaptive' }),
      })
      .meta({ description: 'How the entity says that its rows are taken' }),
    hot: HotKey.nullable().meta({ description: 'null: it is none of the ten keys that conflict most' }),
    items: z.array(KeyDecision).meta({
      description: 'How it was taken otherwise in the last hour, the latest first, at most fifty of each instance',
    }),
  })
  .meta({ id: 'KeyContention' });
export type KeyContention = z.infer<typeof KeyContention>;

/** As its service answers it. */
export const KeyContentionView = KeyContention.omit({ service: true, takenAt: true });
