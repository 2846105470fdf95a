import { SetupError } from './errors.js';
import { HOST } from './ports.js';
import type { RunningEnvironment } from './running-environment.js';
import { CONSUMER_GROUPS, DATABASES, PORT_NAMES, portsFromSettings, urlOf } from './topology.js';

/** Environment variables, by name. One that is set to nothing counts as not set, here and for Docker Compose alike. */
export type Settings = Readonly<Record<string, string | undefined>>;

const TOLD = { gateway: 'BACKSTEP_GATEWAY', provider: 'PROVIDER_URL', brokers: 'KAFKA_BROKERS' } as const;

/** What tells a command where everything is, when it runs in a container itself. All of them, or none of the databases'. */
export const TOLD_BY: readonly string[] = [...Object.values(TOLD), ...DATABASES.map(({ urlSetting }) => urlSetting)];

/** What the gateway of the containers calls itself: `INSTANCE_ID` in docker-compose.yml. */
export const CONTAINERS_INSTANCE = 'compose';

/**
 * The system that `docker compose up` runs, as this machine sees it: what it publishes, on the topology's ports, each moved by its
 * setting, and the roles' passwords. Nothing is asked; it may not run.
 * @throws SetupError naming a setting that is not a port
 */
export function containerEnvironment(settings: Settings, topics: readonly string[]): RunningEnvironment {
  const ports = portsFromSettings(settings);
  return {
    ...insideContainers(topics),
    instance: CONTAINERS_INSTANCE,
    gateway: urlOf(ports.gateway),
    provider: urlOf(ports['payment-provider']),
    databases: byProcess(({ database, passwordSetting, defaultPassword }) => {
      const password = encodeURIComponent(settings[passwordSetting] || defaultPassword);
      return `postgres://${database}:${password}@${HOST}:${ports.postgres}/${database}`;
    }),
    kafka: { brokers: [`${HOST}:${ports.kafka}`] },
  };
}

/**
 * The system that the settings describe: how a command in a container is told where the others are.
 * @returns undefined when they name no database, so that nobody meant to describe it
 * @throws SetupError naming what is missing when they describe some of it
 */
export function toldEnvironment(settings: Settings, topics: readonly string[]): RunningEnvironment | undefined {
  if (!DATABASES.some(({ urlSetting }) => settings[urlSetting])) return undefined;
  const missing = TOLD_BY.filter((name) => !settings[name]);
  if (missing.length > 0) {
    throw new SetupError(`The settings tell where some of Backstep is, and not all: set ${missing.join(', ')} too.`);
  }
  const told = (name: string): string => settings[name] ?? '';
  return {
    ...insideContainers(topics),
    gateway: told(TOLD.gateway),
    provider: told(TOLD.provider),
    databases: byProcess(({ urlSetting }) => told(urlSetting)),
    kafka: { brokers: told(TOLD.brokers).split(',') },
  };
}

const byProcess = (valueOf: (owned: (typeof DATABASES)[number]) => string): Record<string, string> =>
  Object.fromEntries(DATABASES.map((owned) => [owned.process, valueOf(owned)]));

/** Services that may be scaled have no address of their own outside, and their processes are the engine's business. */
const insideContainers = (topics: readonly string[]) => ({
  services: {},
  topics,
  consumerGroups: CONSUMER_GROUPS,
  processes: Object.fromEntries(PORT_NAMES.map((name) => [name, []])),
});
