import { Controller, Inject } from '@nestjs/common';
import { Time } from '@backstep/contracts/http';
import { PROBLEMS } from '@backstep/problems';
import { z } from 'zod';
import { operation } from '../api/operation.js';
import { Route } from '../api/route.js';
import { KafkaView } from '../kafka/kafka-view.js';
import { PATHS } from '../paths.js';

const offset = z.string();
const Topic = z
  .object({
    name: z.string(),
    retentionMs: z
      .int()
      .nullable()
      .meta({ description: 'How long Kafka keeps a message; -1 for ever; null when the gateway may not read it' }),
    partitions: z.array(
      z.object({
        partition: z.int(),
        earliest: offset.meta({ description: 'The first offset that is left; decimal, 64 bit' }),
        latest: offset.meta({ description: 'The offset of the next message' }),
      }),
    ),
  })
  .meta({ id: 'Topic' });
const Topics = z
  .object({ items: z.array(Topic), takenAt: Time.meta({ description: 'When Kafka said so: up to a second ago' }) })
  .meta({ id: 'Topics' });
type Topics = z.infer<typeof Topics>;

export const listTopics = operation({
  id: 'listTopics',
  operator: true,
  local: true,
  method: 'GET',
  path: PATHS.topics,
  tag: 'Messages',
  summary: 'List the topics, with where each partition begins and ends',
  answers: { 200: { description: 'All topics', content: { 'application/json': Topics } } },
  problems: [PROBLEMS.unavailable],
});

@Controller()
export class ListTopicsController {
  constructor(@Inject(KafkaView) private readonly kafka: KafkaView) {}

  @Route(listTopics)
  async list(): Promise<Topics> {
    const { items, takenAt } = await this.kafka.topics();
    return {
      items: items.map(({ name, retentionMs, partitions }) => ({
        ...{ name, retentionMs },
        partitions: partitions.map(({ partition, earliest, latest }) => ({ partition, earliest, latest })),
      })),
      takenAt,
    };
  }
}
