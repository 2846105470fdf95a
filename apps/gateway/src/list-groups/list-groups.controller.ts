import { Controller, Inject } from '@nestjs/common';
import { consumerGroupOf, SERVICES } from '@backstep/contracts';
import { Time } from '@backstep/contracts/http';
import type { ConsumerGroup, GroupPartition } from '@backstep/kafka';
import { PROBLEMS } from '@backstep/problems';
import { z } from 'zod';
import { operation } from '../api/operation.js';
import { Route } from '../api/route.js';
import { KafkaView } from '../kafka/kafka-view.js';
import { PATHS } from '../paths.js';
import { Service } from '../representations/parked-message.js';

const lag = z.int().nullable();
const Group = z
  .object({
    id: z.string(),
    service: Service,
    state: z.string().meta({
      description: 'Kafka’s word: `Stable`, `PreparingRebalance`, `Empty` (nobody is in it), `Dead` (there is none)',
    }),
    members: z.array(z.object({ id: z.string(), clientId: z.string(), host: z.string() })),
    lag: lag.meta({
      description: 'Messages that the group has not handled yet; null when that is not known of every partition',
    }),
    partitions: z.array(
      z.object({
        topic: z.string(),
        partition: z.int(),
        committed: z
          .string()
          .nullable()
          .meta({ description: 'The next offset that the group reads; null when it has committed nothing' }),
        latest: z.string().meta({ description: 'The offset of the next message' }),
        lag: lag.meta({ description: 'null when the group has committed nothing and nobody reads the partition' }),
        member: z.string().nullable().meta({ description: 'Who reads the partition; null when nobody does' }),
      }),
    ),
  })
  .meta({ id: 'ConsumerGroup' });
const Groups = z
  .object({ items: z.array(Group), takenAt: Time.meta({ description: 'When Kafka said so: up to a second ago' }) })
  .meta({ id: 'ConsumerGroups' });
type Groups = z.infer<typeof Groups>;

export const listGroups = operation({
  id: 'listGroups',
  operator: true,
  local: true,
  method: 'GET',
  path: PATHS.groups,
  tag: 'Messages',
  summary: 'List the services’ consumer groups, with how far behind each is',
  answers: { 200: { description: 'The group of each service', content: { 'application/json': Groups } } },
  problems: [PROBLEMS.unavailable],
});

@Controller()
export class ListGroupsController {
  constructor(@Inject(KafkaView) private readonly kafka: KafkaView) {}

  @Route(listGroups)
  async list(): Promise<Groups> {
    const { items, takenAt } = await this.kafka.groups();
    const found = SERVICES.flatMap((service) => {
      const group = items.find(({ id }) => id === consumerGroupOf(service));
      return group ? [{ service, group }] : [];
    });
    return { items: found.map(({ service, group }) => ({ ...shown(group), service })), takenAt };
  }
}

function shown({ id, state, members, partitions }: ConsumerGroup) {
  const places = partitions.map(({ topic, partition, committed, end, memberId, ...place }) => ({
    ...{ topic, partition, committed, latest: end, member: memberId },
    lag: isKnown({ committed, memberId }) ? place.lag : null,
  }));
  const lags = places.map((place) => place.lag);
  return {
    ...{ id, state, partitions: places },
    members: members.map(({ id: memberId, clientId, host }) => ({ id: memberId, clientId, host })),
    lag: lags.some((one) => one === null) ? null : lags.reduce<number>((sum, one) => sum + (one ?? 0), 0),
  };
}

/** Where a group begins that has committed nothing is known once somebody reads for it: at the beginning of the log. */
const isKnown = ({ committed, memberId }: Pick<GroupPartition, 'committed' | 'memberId'>): boolean =>
  committed !== null || memberId !== null;
