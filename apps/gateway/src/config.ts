import { PROCESSES, SERVICES, type ServiceName } from '@backstep/contracts';
import {
  type Config,
  declare,
  hostPorts,
  kafkaSecurityConfig,
  oneOf,
  type PlatformConfig,
  port,
  url,
} from '@backstep/service';

/** The setting that says where a service is. */
export const urlSettingOf = (name: ServiceName): UrlSetting => `${PROCESSES[name].variable}_URL`;
type UrlSetting = `${(typeof PROCESSES)[ServiceName]['variable']}_URL`;

const whereIs = (name: ServiceName) => ({
  schema: url('http', 'https'),
  default: `http://127.0.0.1:${PROCESSES[name].port}`,
  description: `Where the ${name} service listens`,
});

const URLS = Object.fromEntries(SERVICES.map((name) => [urlSettingOf(name), whereIs(name)])) as Record<
  UrlSetting,
  ReturnType<typeof whereIs>
>;

export const GATEWAY_CONFIG = declare({
  METRICS_PORT: {
    schema: port(),
    default: 9464,
    description: 'Where `/metrics` is served, apart from the public API; 0 takes a free port, which the log names',
    own: true,
  },
  CONSOLE: {
    schema: oneOf('on', 'off'),
    default: 'on',
    description: 'Whether the console is served, at `/`, its pages and `/assets`',
  },
  ...URLS,
  KAFKA_BROKERS: {
    schema: hostPorts(),
    default: ['127.0.0.1:9092'],
    description: "Kafka's brokers. Messages, topics and groups are shown from there; nothing else waits for Kafka",
  },
  ...kafkaSecurityConfig,
});
export type GatewayConfig = Config<typeof GATEWAY_CONFIG> & PlatformConfig;
