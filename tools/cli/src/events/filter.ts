import { SERVICES, TOPICS } from '@backstep/contracts/topology';
import type { Command } from 'commander';
import { choiceOption } from '../shared/arguments.js';
import type { OrderMessage } from '../shared/representations.js';
import { momentIn } from '../shared/since.js';

/** Which messages are shown: those that match all given options. */
export interface MessageFilter {
  readonly type?: string;
  readonly service?: string;
  readonly topic?: string;
  /** Milliseconds since the epoch, by the time that Kafka gave them. */
  readonly since?: number;
}

export const ALL_TOPICS: readonly string[] = TOPICS.map(({ name }) => name);

export const withFilterOptions = (command: Command): Command =>
  command
    .option('--type <type>', 'only messages of this type, such as OrderPlaced')
    .addOption(choiceOption('--service <name>', 'only those that this service sent', SERVICES))
    .addOption(choiceOption('--topic <name>', 'only those of this topic', ALL_TOPICS))
    .option('--since <when>', 'only those since then: 10m, 2h, 1d ago, or a time such as 2026-03-01T12:30', momentIn);

export const topicsOf = ({ topic }: MessageFilter): readonly string[] => (topic === undefined ? ALL_TOPICS : [topic]);

/** False where every message of the topics is wanted. */
export const chooses = ({ type, service, since }: MessageFilter): boolean =>
  type !== undefined || service !== undefined || since !== undefined;

type Message = Pick<OrderMessage, 'topic' | 'headers'> & { readonly timestamp: string | number };

export const isWanted = ({ type, service, topic, since }: MessageFilter, message: Message): boolean =>
  (type === undefined || message.headers['ce_type']?.toLowerCase() === type.toLowerCase()) &&
  (service === undefined || message.headers['ce_source'] === service) &&
  (topic === undefined || message.topic === topic) &&
  (since === undefined || new Date(message.timestamp).getTime() >= since);
