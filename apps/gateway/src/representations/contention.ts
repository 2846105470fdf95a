import { z } from 'zod';
import { Service } from './parked-message.js';

const share = z.number().meta({ description: 'From 0 to 1' });
const times = z.int();

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
  })
  .meta({ id: 'EntityContention' });

const HotKey = z
  .object({
    entity: z.string(),
    key: z.string(),
    strategy: z
      .enum(['optimistic', 'locked'])
      .meta({ description: 'locked: whoever wants it locks it as it reads it' }),
    forMs: z.int().meta({ description: 'For how long it has been taken so' }),
    share: z.number().nullable().meta({ description: 'Of its attempts that are lost; null while it is locked' }),
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
    services: z.array(ServiceContention),
    unreachable: z.array(Service).meta({ description: 'Services that did not answer' }),
  })
  .meta({ id: 'Contention' });
export type Contention = z.infer<typeof Contention>;
