import type { ConfigResourceTypes } from 'kafkajs';
import { accessProblem, isUnknownTopic, UnknownTopicError } from './errors.js';
import { groupOf, nameOf, standing, type ConsumerGroup } from './groups.js';
import { LastingAdmin } from './lasting-admin.js';
import type { KafkaOptions } from './options.js';
import { LogClient, type TopicPartition } from './reader/log-client.js';

/** A topic, as its logs are now. */
export interface TopicState {
  readonly name: string;
  /** How long Kafka keeps a record, ms; null when this client may not read it; −1 for ever. */
  readonly retentionMs: number | null;
  readonly partitions: readonly {
    readonly partition: number;
    /** The first offset that is left, and the next one. */
    readonly earliest: string;
    readonly latest: string;
  }[];
}

/** A group, and the topics in which it is looked at. */
export interface GroupWish {
  readonly id: string;
  readonly topics: readonly string[];
}

/** `ConfigResourceTypes.TOPIC`, an enum that cannot be imported by name. */
const TOPIC: ConfigResourceTypes = 2;
const RETENTION = 'retention.ms';

/** Topics and groups, asked for again and again over lasting connections. No group is joined, nothing is committed. */
export class KafkaOverview {
  private readonly admin: LastingAdmin;
  private readonly log: LogClient;

  constructor(options: KafkaOptions) {
    this.admin = new LastingAdmin(options);
    this.log = new LogClient(options);
  }

  /**
   * In the order of the names.
   * @throws KafkaUnavailableError, UnknownTopicError
   */
  async topics(names: readonly string[]): Promise<readonly TopicState[]> {
    const counts = await this.log.partitionsOf(names);
    const places = names.flatMap((topic) =>
      Array.from({ length: counts.get(topic) ?? 0 }, (_, partition) => ({ topic, partition })),
    );
    const earliest = await this.log.offsetsAt(places, 'earliest');
    const latest = await this.log.offsetsAt(places, 'latest');
    const retention = await this.retentionOf(names);
    const partitions = places.map(({ topic, partition }, index) => ({
      ...{ topic, partition },
      earliest: String(earliest[index] ?? 0n),
      latest: String(latest[index] ?? 0n),
    }));
    return names.map((name) => ({
      name,
      retentionMs: retention.get(name) ?? null,
      partitions: partitions.filter(({ topic }) => topic === name).map(({ topic: _, ...bounds }) => bounds),
    }));
  }

  /**
   * In the order of the wishes, each with every partition of its topics, also those that it has not read yet.
   * @throws KafkaUnavailableError, UnknownTopicError
   */
  async groups(wishes: readonly GroupWish[]): Promise<readonly ConsumerGroup[]> {
    const topics = [...new Set(wishes.flatMap((wish) => wish.topics))];
    try {
      const found = await this.admin.ask(async (admin) => {
        const { groups } = await admin.describeGroups(wishes.map(({ id }) => id));
        const all = [];
        for (const { id, topics: read } of wishes) {
          const described = groups.find(({ groupId }) => groupId === id);
          all.push({ id, described, places: await standing(admin, id, described, read) });
        }
        return all;
      });
      // Two groups may read one partition, and Kafka refuses a request that names a partition twice.
      const places = [...new Map(found.flatMap((one) => one.places).map((place) => [nameOf(place), place])).values()];
      const starts = byPlace(places, await this.log.offsetsAt(places, 'earliest'));
      const ends = byPlace(places, await this.log.offsetsAt(places, 'latest'));
      return found.map(({ id, described, places: own }) => groupOf(id, described, own, own.map(ends), own.map(starts)));
    } catch (error) {
      if (isUnknownTopic(error)) throw new UnknownTopicError(topics, { cause: error });
      throw error;
    }
  }

  async close(): Promise<void> {
    await Promise.all([this.admin.close(), this.log.disconnect()]);
  }

  /** By name. Empty when an ACL keeps this client from reading the configuration: where the logs end is known all the same. */
  private async retentionOf(names: readonly string[]): Promise<ReadonlyMap<string, number>> {
    try {
      const { resources } = await this.admin.ask((admin) =>
        admin.describeConfigs({
          includeSynonyms: false,
          resources: names.map((name) => ({ type: TOPIC, name, configNames: [RETENTION] })),
        }),
      );
      return new Map(
        resources.flatMap(({ resourceName, configEntries }) => {
          const value = Number(configEntries.find(({ configName }) => configName === RETENTION)?.configValue ?? NaN);
          return Number.isSafeInteger(value) ? [[resourceName, value] as const] : [];
        }),
      );
    } catch (error) {
      if (accessProblem(error) !== undefined) return new Map();
      throw error;
    }
  }
}

const byPlace = (
  places: readonly TopicPartition[],
  offsets: readonly bigint[],
): ((place: TopicPartition) => bigint) => {
  const found = new Map(places.map((place, index) => [nameOf(place), offsets[index] ?? 0n]));
  return (place) => found.get(nameOf(place)) ?? 0n;
};
