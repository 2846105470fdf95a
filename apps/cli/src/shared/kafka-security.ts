import { kafkaSecurityFrom, KafkaSettingsError, type KafkaSecurity } from '@backstep/kafka/tools';
import { UsageError } from './exit-codes.js';

/** From the same settings as a service's. @throws UsageError naming those that are wrong */
export function kafkaSecurity(settings: NodeJS.ProcessEnv = process.env): KafkaSecurity | undefined {
  try {
    return kafkaSecurityFrom(settings);
  } catch (error) {
    if (error instanceof KafkaSettingsError) throw new UsageError(error.message);
    throw error;
  }
}
