import {
  KafkaAccessError,
  kafkaSecurityFrom,
  KafkaSettingsError,
  KafkaUnavailableError,
  type KafkaSecurity,
} from '@backstep/kafka';
import { UnreachableError, UsageError } from './exit-codes.js';

/** From the same settings as a service's. @throws UsageError naming those that are wrong */
export function kafkaSecurity(settings: NodeJS.ProcessEnv = process.env): KafkaSecurity | undefined {
  try {
    return kafkaSecurityFrom(settings);
  } catch (error) {
    if (error instanceof KafkaSettingsError) throw new UsageError(error.message);
    throw error;
  }
}

/** What is told where Kafka is away, or does not accept or allow who asks, which is another thing; any other error as it is. */
export function kafkaFailure(error: unknown, away: string): unknown {
  if (error instanceof KafkaAccessError) return new UnreachableError(`${error.message}.`, { cause: error });
  if (error instanceof KafkaUnavailableError) return new UnreachableError(away, { cause: error });
  return error;
}
