import { Controller, Inject } from '@nestjs/common';
import type { FoundRecord } from '@backstep/kafka';
import { ProblemError, PROBLEMS } from '@backstep/problems';
import { z } from 'zod';
import { type InputOf, operation } from '../api/operation.js';
import { Input, Route } from '../api/route.js';
import { KafkaView } from '../kafka/kafka-view.js';
import { PartitionNumber, TopicName } from '../list-messages/list-messages.js';
import { PATHS } from '../paths.js';
import { LogMessage, toLogMessage } from '../representations/log-message.js';

const OFFSET_MAX = 2n ** 63n - 1n;
const Offset = z
  .string()
  .regex(/^(?:0|[1-9][0-9]{0,18})$/, 'must be an offset: a decimal number')
  .refine((text) => BigInt(text) <= OFFSET_MAX, 'must be at most 2^63 - 1');

export const readMessage = operation({
  id: 'readMessage',
  operator: true,
  local: true,
  method: 'GET',
  path: PATHS.message,
  tag: 'Messages',
  summary: 'Read one message by its position',
  description:
    'A position never means another message, save when Kafka has lost its log. The value is whole, but for text that is no JSON.',
  params: { topic: TopicName, partition: PartitionNumber, offset: Offset },
  answers: {
    200: {
      description: 'The message. A batch that cannot be read stands at its last offset for all of its records',
      content: { 'application/json': LogMessage },
    },
  },
  problems: [PROBLEMS.notFound, PROBLEMS.gone, PROBLEMS.tooManyRequests, PROBLEMS.unavailable],
});

@Controller()
export class ReadMessageController {
  constructor(@Inject(KafkaView) private readonly kafka: KafkaView) {}

  @Route(readMessage)
  async read(@Input(readMessage) { params }: InputOf<typeof readMessage>): Promise<LogMessage> {
    const { topic, partition, offset } = params;
    const found = await this.kafka.reading((browser, ending) =>
      browser.record({ topic, partition }, BigInt(offset), ending),
    );
    if ('record' in found) return toLogMessage(found.record, Infinity);
    throw absent(`${topic}/${partition}`, offset, found);
  }
}

function absent(place: string, offset: string, { absent: why, bounds }: Extract<FoundRecord, { absent: string }>) {
  if (why === 'deleted') {
    return new ProblemError(PROBLEMS.gone, {
      detail: `${place} begins at ${bounds.earliest} now: retention has deleted ${offset}.`,
    });
  }
  const detail =
    why === 'later'
      ? `${place} ends before ${bounds.latest}: ${offset} is not written yet.`
      : `${place} has no message at ${offset}: Kafka uses that offset itself, or compaction took its record.`;
  return new ProblemError(PROBLEMS.notFound, { detail });
}
