import { PROCESSES, SERVICES, type ServiceName } from '@backstep/contracts';
import {
  type Config,
  declare,
  hostPorts,
  kafkaSecurityConfig,
  oneOf,
  type PlatformConfig,
  port,
  text,
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
  BACKSTEP_CONTROL: {
    schema: text({ max: 300 }),
    default: '',
    secret: true,
    description:
      'Where `npm start` is asked for faults and for the doctor, and its secret: `npm start` sets it, for its gateway alone. Without it there is no lab',
  },
  CONSOLE: {
    schema: oneOf('on', 'off'),
    default: 'on',
    description: 'Whether the console is served, at `/`, its pages and `/assets`',
  },
  NODE_ENV: {
    schema: text({ max: 100 }),
    default: 'development',
    description: '`production` says that people depend on this system, as the image does; `/v1/system` tells it',
  },
  REVISION: {
    schema: text({ max: 100 }),
    default: '',
    description: 'The commit that this gateway was built from; `/v1/system` tells it',
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
