import { declare } from './config.js';
import { flag, oneOf, text } from './values.js';

/** The settings of a secured Kafka. `kafkaSecurityFrom` of libs/kafka checks that they fit together. */
export const kafkaSecurityConfig = declare({
  KAFKA_SSL: { schema: flag(), default: false, description: 'Whether the connection to Kafka uses TLS' },
  KAFKA_SSL_CA: {
    schema: text({ max: 100_000 }),
    default: '',
    description:
      "The CA of Kafka's certificate: a file in PEM form, or the PEM itself. Without it, those that Node trusts",
  },
  KAFKA_SASL_MECHANISM: {
    schema: oneOf('none', 'SCRAM-SHA-512', 'SCRAM-SHA-256', 'PLAIN'),
    default: 'none',
    description:
      'How the user authenticates to Kafka: none, SCRAM-SHA-512, SCRAM-SHA-256, or PLAIN (with KAFKA_SSL only)',
  },
  KAFKA_SASL_USERNAME: { schema: text({ max: 255 }), default: '', description: "Kafka's user of this service" },
  KAFKA_SASL_PASSWORD: {
    schema: text({ max: 1_000 }),
    default: '',
    description: 'The password of that user',
    secret: true,
  },
});

/** The values of {@link kafkaSecurityConfig}. */
export type KafkaSecurityConfig = {
  readonly KAFKA_SSL: boolean;
  readonly KAFKA_SSL_CA: string;
  readonly KAFKA_SASL_MECHANISM: string;
  readonly KAFKA_SASL_USERNAME: string;
  readonly KAFKA_SASL_PASSWORD: string;
};
