import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { consumerGroupOf, PROCESSES as DECLARED, SERVICES, type ProcessName } from '@backstep/contracts/topology';
import { faultFoldersOf } from './control/folders.js';
import { SetupError } from './errors.js';
import { handingOver } from './express-folder.js';
import { HOST } from './ports.js';

/**
 * What runs where: every process, its port and the setting that moves it, its database and its consumer group. Each says it of itself, in
 * `apps/<name>/service.json`.
 */
export interface ProcessDeclaration {
  readonly name: ProcessName;
  /** What its settings begin with. */
  readonly variable: string;
  readonly port: number;
  readonly portSetting: string;
  readonly main: string;
  /** Database and role have this name; nobody else may connect to it. */
  readonly database: string | undefined;
}

const declare = (name: ProcessName, declared: (typeof DECLARED)[ProcessName]): ProcessDeclaration => ({
  name,
  variable: declared.variable,
  port: declared.port,
  portSetting: `${declared.variable}_PORT`,
  main: `apps/${name}/dist/main.js`,
  database: 'database' in declared ? declared.database : undefined,
});

const PROCESSES = Object.fromEntries(
  Object.entries(DECLARED).map(([name, declared]) => [name, declare(name as ProcessName, declared)]),
) as Readonly<Record<ProcessName, ProcessDeclaration>>;

const STORES = {
  kafka: { port: 9092, portSetting: 'KAFKA_PORT' },
  postgres: { port: 54320, portSetting: 'POSTGRES_PORT' },
} as const;

export type { ProcessName };
export type PortName = ProcessName | keyof typeof STORES;
export type Ports = Readonly<Record<PortName, number>>;

export const PROCESS_NAMES = Object.keys(PROCESSES) as ProcessName[];
export const PORT_NAMES = [...PROCESS_NAMES, ...Object.keys(STORES)] as PortName[];
export const processOf = (name: ProcessName): ProcessDeclaration => PROCESSES[name];
export const portSettingOf = (name: PortName): string => ({ ...PROCESSES, ...STORES })[name].portSetting;

/** A database, and the settings by which containers are told about it. */
export interface OwnedDatabase {
  /** The only process that may connect to it. */
  readonly process: ProcessName;
  /** Its name, and that of the role that owns it. */
  readonly database: string;
  /** Tells a command where it is, password included. */
  readonly urlSetting: string;
  /** The role's password under `docker compose up`. `npm start` makes up its own, and keeps them in `.backstep/`. */
  readonly passwordSetting: string;
  readonly defaultPassword: string;
}

export const DATABASES: readonly OwnedDatabase[] = PROCESS_NAMES.flatMap((name) => {
  const { database, variable } = PROCESSES[name];
  if (!database) return [];
  return [
    {
      process: name,
      database,
      urlSetting: `${variable}_DATABASE_URL`,
      passwordSetting: `${variable}_DB_PASSWORD`,
      defaultPassword: `${name}-development`,
    },
  ];
});

export const CONSUMER_GROUPS = SERVICES.map(consumerGroupOf);

/** The clone this file is in: both `src/` and `dist/` lie three folders below it. */
export const ROOT = fileURLToPath(new URL('../../../', import.meta.url));

/** Where data, logs and passwords are kept unless `BACKSTEP_DIR` says otherwise. */
export const defaultDir = (): string => process.env['BACKSTEP_DIR'] ?? join(ROOT, '.backstep');

/** The defaults, each moved by its setting. @throws SetupError naming a setting that is not a port. */
export function portsFromSettings(settings: NodeJS.ProcessEnv = process.env): Ports {
  const all = { ...PROCESSES, ...STORES };
  return Object.fromEntries(
    PORT_NAMES.map((name) => {
      const { port, portSetting } = all[name];
      const text = settings[portSetting];
      const chosen = text ? Number(text) : port;
      if (!Number.isInteger(chosen) || chosen < 1 || chosen > 65_535) {
        throw new SetupError(`${portSetting} must be a port from 1 to 65535, not ${JSON.stringify(text)}.`);
      }
      return [name, chosen];
    }),
  ) as Record<PortName, number>;
}

/** `order`, `order-2`: the name of a process of which there are several. @param index from 0 */
export const instanceName = (process: string, index: number): string =>
  index === 0 ? process : `${process}-${index + 1}`;

export const urlOf = (port: number): string => `http://${HOST}:${port}`;

/** What a process needs to know about the system it is part of. */
export interface Deployment {
  readonly dir: string;
  /** Tells this system from another one: see `instance-id.ts`. */
  readonly instance: string;
  /** Of the first instance of each. */
  readonly ports: Ports;
  /** By database name. */
  readonly databases: Readonly<Record<string, string>>;
  readonly brokers: readonly string[];
  /** What the stand-in signs webhooks with, and the payment service checks them by. */
  readonly webhookSecret: string;
  /** How the gateway asks for faults, where they can be made: see `control/`. Nobody else is told. */
  readonly control?: string | undefined;
}

/** How long a service may drain, in ms: less than the time after which it is killed. */
const SHUTDOWN_GRACE_MS = 2_000;

/** The superuser's password under `docker compose up`. */
export const SUPERUSER = { passwordSetting: 'POSTGRES_PASSWORD', defaultPassword: 'postgres-development' } as const;

/** What operators' functions ask for under `docker compose up`. Under `npm start` they ask for nothing unless it is set. */
export const OPERATOR = { tokenSetting: 'OPERATOR_TOKEN', defaultToken: 'operator-development-token' } as const;

/** These would reach a process from our own environment, and mean something else there or open what is not its own. */
const NOT_INHERITED = new Set([
  ...['DATABASE_URL', 'KAFKA_BROKERS', 'STRIPE_SECRET_KEY', 'NODE_OPTIONS', 'JEST_WORKER_ID'],
  ...['STRIPE_WEBHOOK_SECRET', 'WEBHOOK_URL', 'WEBHOOK_SECRET'],
  ...['BACKSTEP_CONTROL', 'GATEWAY_BACKSTEP_CONTROL'],
  ...DATABASES.flatMap(({ urlSetting, passwordSetting }) => [urlSetting, passwordSetting]),
  SUPERUSER.passwordSetting,
]);

/** The environment of one instance: ours, without the keys to what it does not own, and what it needs of its deployment. */
export const environmentOf = (name: ProcessName, port: number, deployment: Deployment): NodeJS.ProcessEnv => ({
  ...(PROCESSES[name].database && handingOver(deployment.dir)),
  ...settingsOfAll(deployment),
  SERVICE_NAME: name,
  ...ownSettings(name, port, deployment),
});

/** What a process has whatever runs in it. */
export function settingsOfAll(deployment: Deployment): NodeJS.ProcessEnv {
  const url = (other: ProcessName): string => urlOf(deployment.ports[other]);
  const inherited = Object.entries(process.env).filter(([key]) => !NOT_INHERITED.has(key));
  return {
    ...Object.fromEntries(inherited),
    NODE_ENV: 'production',
    // From Node 22 on: all processes compile the same packages once, and not again at the next start.
    NODE_COMPILE_CACHE: process.env['NODE_COMPILE_CACHE'] ?? join(deployment.dir, 'compile-cache'),
    INSTANCE_ID: deployment.instance,
    HOST,
    SHUTDOWN_GRACE_MS: String(SHUTDOWN_GRACE_MS),
    KAFKA_BROKERS: deployment.brokers.join(','),
    ...Object.fromEntries(SERVICES.map((service) => [`${PROCESSES[service].variable}_URL`, url(service)])),
    PROVIDER_URL: url('payment-provider'),
  };
}

/** What one service has and no other, by the names that it reads when it is alone in its process. */
export function ownSettings(name: ProcessName, port: number, deployment: Deployment): Record<string, string> {
  const { database } = PROCESSES[name];
  const url = (other: ProcessName): string => urlOf(deployment.ports[other]);
  return {
    PORT: String(port),
    // Of those that have one of their own: where there is room, as instances share this machine. The log says where.
    METRICS_PORT: (name === 'gateway' && process.env['METRICS_PORT']) || '0',
    ...(database ? { DATABASE_URL: deployment.databases[database] ?? '' } : {}),
    ...(name === 'payment' ? stripeSettings(url('payment-provider'), deployment.webhookSecret) : {}),
    ...(name === 'payment-provider' ? standInSettings(url('gateway'), deployment) : {}),
    ...(name === 'gateway' && deployment.control !== undefined ? { BACKSTEP_CONTROL: deployment.control } : {}),
  };
}

const standInSettings = (gateway: string, { dir, webhookSecret, control }: Deployment): Record<string, string> => ({
  PROVIDER_DATA_FILE: join(dir, 'payment-provider', 'ledger.jsonl'),
  ...(control !== undefined && { PROVIDER_AILMENT_FILE: faultFoldersOf(dir).ailmentFile }),
  WEBHOOK_URL: `${gateway}/v1/webhooks/provider`,
  WEBHOOK_SECRET: webhookSecret,
});

const STRIPE_API = 'https://api.stripe.com';

/** Stripe's own test mode when there is a key for it; the stand-in otherwise. */
function stripeSettings(standIn: string, webhookSecret: string): Record<string, string> {
  const { STRIPE_SECRET_KEY: key, STRIPE_API_BASE: base, STRIPE_WEBHOOK_SECRET: secret } = process.env;
  if (!key) return { STRIPE_API_BASE: standIn, STRIPE_WEBHOOK_SECRET: webhookSecret };
  return { STRIPE_SECRET_KEY: key, STRIPE_API_BASE: base ?? STRIPE_API, STRIPE_WEBHOOK_SECRET: secret ?? '' };
}
