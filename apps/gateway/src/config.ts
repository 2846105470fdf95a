import {
  type Config,
  declare,
  hostPorts,
  kafkaSecurityConfig,
  type PlatformConfig,
  port,
  url,
} from '@backstep/service';

const service = (name: string, defaultPort: number) => ({
  schema: url('http', 'https'),
  default: `http://127.0.0.1:${defaultPort}`,
  description: `Where the ${name} service listens`,
});

export const GATEWAY_CONFIG = declare({
  METRICS_PORT: {
    schema: port(),
    default: 9464,
    description: 'Where `/metrics` is served, apart from the public API; 0 takes a free port, which the log names',
  },
  ORDER_URL: service('order', 3001),
  INVENTORY_URL: service('inventory', 3002),
  PAYMENT_URL: service('payment', 3003),
  SHIPMENT_URL: service('shipment', 3004),
  ORCHESTRATOR_URL: service('orchestrator', 3005),
  KAFKA_BROKERS: {
    schema: hostPorts(),
    default: ['127.0.0.1:9092'],
    description: "Kafka's brokers. Only an order's events are read from there; nothing else waits for Kafka",
  },
  ...kafkaSecurityConfig,
});
export type GatewayConfig = Config<typeof GATEWAY_CONFIG> & PlatformConfig;
