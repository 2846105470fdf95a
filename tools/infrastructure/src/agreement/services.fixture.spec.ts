import { TOLD_BY } from '../containers.js';
import {
  DATABASES,
  OPERATOR,
  portSettingOf,
  portsFromSettings,
  PROCESS_NAMES,
  processOf,
  urlOf,
  type OwnedDatabase,
  type PortName,
} from '../topology.js';
import { byDefault, type ComposeFile, type Service } from './compose-file.fixture.spec.js';
import { dockerfileVariables, settingsOf, type Setting } from './documents.fixture.spec.js';
import { difference, unless, type Problems } from './problems.fixture.spec.js';
import { CLUSTER, MAIN, SECURE, TOGETHER, TOOLS, type Repository } from './repository.fixture.spec.js';

const STORES = ['postgres', 'kafka'];
/** They do one thing and end; `cli` waits to be asked for. */
const COMMANDS: Readonly<Record<string, readonly string[]>> = {
  topics: ['tools/cli/bin/backstep.mjs', 'topics'],
  demo: ['tools/cli/bin/backstep.mjs', 'demo'],
  cli: [],
};
/** Of an overlay: it does one thing and ends, too. */
const ENDS = new Set([...Object.keys(COMMANDS), 'certificate']);
/** What the host reaches. The other services may be scaled, and so have no port of this machine. */
const PUBLISHED: readonly PortName[] = ['gateway', 'payment-provider', 'kafka', 'postgres'];
const INSIDE: Partial<Record<PortName, number>> = { postgres: 5432 };
const PORTS = portsFromSettings({});

const nothing: Service = { ...({} as Service), environment: {}, ports: [], waitsFor: {}, command: [] };
const serviceOf = ({ services }: ComposeFile, name: string): Service => services[name] ?? nothing;
const entriesOf = ({ services }: ComposeFile): [string, Service][] => Object.entries(services);

/** Every process of the topology is a service, all of one image; there is nothing else but stores and commands. */
export function processesAreServices({ main }: Repository): Problems {
  const wanted = { ...Object.fromEntries(PROCESS_NAMES.map((name) => [name, [processOf(name).main]])), ...COMMANDS };
  const names = [...Object.keys(wanted), ...STORES];
  const images = new Set(Object.keys(wanted).map((name) => serviceOf(main, name).image));
  return [
    ...difference(
      names,
      Object.keys(main.services),
      (name) => `${MAIN}: add the service ${name}, which the topology has: run node tools/services.mjs`,
      (name) => `${MAIN}: take out ${name}, or add it to the topology: \`npm start\` does not start it`,
    ),
    ...Object.entries(wanted).flatMap(([name, command]) => {
      const service = serviceOf(main, name);
      return unless(
        JSON.stringify(service.command) === JSON.stringify(command) && (name === 'cli' || !service.entrypoint),
        `${MAIN}: ${name}: the command must be [${command.join(', ')}], and no entrypoint`,
      );
    }),
    ...unless(images.size === 1, `${MAIN}: give all of our own services one image, not ${[...images].join(', ')}`),
  ];
}

/** Exactly the topology's ports, on the loopback address, each moved by the setting that moves it for `npm start`. */
export function portsAreTheTopologys({ main, cluster, secure, tools, together, composeFiles }: Repository): Problems {
  const expected = new Map<string, string>(
    PUBLISHED.map((name) => [
      name,
      `127.0.0.1:\${${portSettingOf(name)}:-${PORTS[name]}}:${INSIDE[name] ?? PORTS[name]}`,
    ]),
  );
  const wrong = entriesOf(main).flatMap(([name, { ports }]) => {
    const port = expected.get(name);
    if (port === undefined)
      return ports.map((one) => `${MAIN}: ${name}: take out the port ${one}: the service may be scaled`);
    return unless(
      ports.length === 1 && ports[0] === port,
      `${MAIN}: ${name}: publish ${port}, not ${ports.join(', ') || 'nothing'}`,
    );
  });
  const overlays = [
    [CLUSTER, cluster],
    [SECURE, secure],
    [TOOLS, tools],
    [TOGETHER, together],
  ] as const;
  const others = overlays.flatMap(([path, merged]) => {
    const taken = new Map<string, string>();
    return entriesOf(merged).flatMap(([name, { ports, replicas }]) =>
      ports.flatMap((port) => {
        const [, at] = /^127\.0\.0\.1:\$\{\w+_PORT:-(\d+)\}:\d+$/.exec(port) ?? [];
        if (at === undefined) return [`${path}: ${name}: publish 127.0.0.1:\${…_PORT:-…}:…, not ${port}`];
        const other = taken.get(at);
        taken.set(at, name);
        return [
          ...unless(other === undefined, `${path}: ${name}: port ${at} is ${other}'s already: take another default`),
          ...unless(
            replicas === 1,
            `${path}: ${name}: ${replicas} of them cannot publish one port: take out one of both`,
          ),
        ];
      }),
    );
  });
  const named = Object.entries(composeFiles).flatMap(([path, file]) =>
    entriesOf(file)
      .filter(([, { containerName }]) => containerName !== undefined)
      .map(([name]) => `${path}: ${name}: take out container_name: it forbids a second instance`),
  );
  return [...wrong, ...others, ...named];
}

/** Each service is given what it declares: nothing unknown, and nothing left to a default that is right on one machine only. */
export function settingsAreDeclared({ main, text }: Repository): Problems {
  const image = dockerfileVariables(text('Dockerfile'));
  const page = text('docs/configuration.md');
  const ofAll = new Set(settingsOf(page, 'gateway').map((setting) => setting.name));
  const unknown = Object.keys(image).filter((variable) => !ofAll.has(variable) && !variable.startsWith('NODE_'));
  const wrong = PROCESS_NAMES.flatMap((name) => {
    const { environment } = serviceOf(main, name);
    const declared = settingsOf(page, name);
    const known = new Set(declared.map((setting) => setting.name));
    return [
      ...Object.keys(environment)
        .filter((variable) => !known.has(variable))
        .map((variable) => `${MAIN}: ${name}: take out ${variable}: the service does not declare it`),
      ...declared
        .filter((setting) => dependsOnPlace(setting) && !(setting.name in environment) && !(setting.name in image))
        .map(
          (setting) => `${MAIN}: ${name}: give it ${setting.name}, whose default is ${setting.byDefault ?? 'nothing'}`,
        ),
      ...declared.flatMap((setting) => rightlyGiven(name, setting, environment[setting.name])),
    ];
  });
  return [...unknown.map((variable) => `Dockerfile: take out ${variable}: no service declares it`), ...wrong];
}

/** Right under `npm start` only: an address of this machine, a path in the clone, a port that each service has of its own. */
const dependsOnPlace = ({ name, byDefault: value }: Setting): boolean =>
  value === undefined || name === 'PORT' || value.includes('127.0.0.1') || value.startsWith('.');

function rightlyGiven(process: string, setting: Setting, value: string | undefined): Problems {
  const owned = DATABASES.find((one) => one.process === process);
  const owner = PROCESS_NAMES.find((name) => setting.byDefault === urlOf(PORTS[name]));
  const expected = {
    PORT: String(PORTS[process as PortName]),
    ...(owned ? { DATABASE_URL: databaseUrlOf(owned) } : {}),
    ...(owner ? { [setting.name]: `http://${owner}:${PORTS[owner]}` } : {}),
  }[setting.name];
  if (value === undefined || expected === undefined || value === expected || byDefault(value) === expected) return [];
  return [`${MAIN}: ${process}: ${setting.name} must be ${expected}, not ${value}`];
}

const databaseUrlOf = ({ database, passwordSetting, defaultPassword }: OwnedDatabase): string =>
  `postgres://${database}:\${${passwordSetting}:-${defaultPassword}}@postgres:5432/${database}`;

/** What commands in containers are told is what `whatRuns` of the command line reads. */
export function commandsAreTold({ main }: Repository): Problems {
  const told: Readonly<Record<string, string>> = {
    BACKSTEP_GATEWAY: `http://gateway:${PORTS.gateway}`,
    [OPERATOR.tokenSetting]: `\${${OPERATOR.tokenSetting}:-${OPERATOR.defaultToken}}`,
    PROVIDER_URL: `http://payment-provider:${PORTS['payment-provider']}`,
    ...Object.fromEntries(DATABASES.map((owned) => [owned.urlSetting, databaseUrlOf(owned)])),
  };
  const wants: Readonly<Record<string, readonly string[]>> = {
    topics: ['KAFKA_BROKERS'],
    demo: ['BACKSTEP_GATEWAY', OPERATOR.tokenSetting],
    cli: [...TOLD_BY, OPERATOR.tokenSetting],
  };
  return Object.entries(wants).flatMap(([name, variables]) => {
    const { environment } = serviceOf(main, name);
    return [
      ...difference(
        variables,
        Object.keys(environment),
        (variable) => `${MAIN}: ${name}: give it ${variable}, which the command reads`,
        (variable) => `${MAIN}: ${name}: take out ${variable}, which the command does not read`,
      ),
      ...Object.entries(environment)
        .filter(([variable, value]) => told[variable] !== undefined && told[variable] !== value)
        .map(([variable, value]) => `${MAIN}: ${name}: ${variable} must be ${told[variable]}, not ${value}`),
    ];
  });
}

/** Called back when there is something to tell, and again until it answers. */
const CALLED_BACK = new Set(['WEBHOOK_URL']);
const HOST_AND_PORT = /(?:\/\/|@)([a-z][\w-]*):\d+/g;

/** A service starts when what it talks to is well, and waits for nothing that is never well or never ends. */
export function servicesWait({ main, cluster, secure, together }: Repository): Problems {
  const missing = PROCESS_NAMES.flatMap((name) => {
    const { environment, waitsFor } = serviceOf(main, name);
    const hosts = Object.entries(environment)
      .filter(([setting]) => !CALLED_BACK.has(setting))
      .flatMap(([, value]) => [...byDefault(value).matchAll(HOST_AND_PORT)].map(([, host = '']) => host));
    const healthy = hosts.filter((host) => waitsFor[host] !== 'service_healthy');
    const topics = 'KAFKA_BROKERS' in environment && waitsFor['topics'] !== 'service_completed_successfully';
    return [
      ...[...new Set(healthy)].map(
        (host) => `${MAIN}: ${name}: depends_on ${host} with service_healthy: it talks to it`,
      ),
      ...unless(!topics, `${MAIN}: ${name}: depends_on topics with service_completed_successfully: it uses Kafka`),
    ];
  });
  const brokers = Object.keys(cluster.services).filter((name) => name.startsWith('kafka'));
  const started = brokers
    .filter((broker) => cluster.services['topics']?.waitsFor[broker] !== 'service_healthy')
    .map((broker) => `topics must depend on ${broker} with service_healthy: a topic has a copy there`);
  const impossible = [cluster, secure, together].flatMap(({ services }) =>
    Object.entries(services).flatMap(([name, { waitsFor }]) =>
      Object.entries(waitsFor).flatMap(([target, condition]) => {
        const service = services[target];
        const ends = ENDS.has(target);
        const right = condition === 'service_completed_successfully' ? ends : condition === 'service_healthy' && !ends;
        return unless(
          service !== undefined && right,
          `${name} waits for ${target} with ${condition}, which never comes or says nothing`,
        );
      }),
    ),
  );
  return [...missing, ...started, ...impossible];
}

/** Containers that can be told to stop, cannot write where they should not, and say whether they are well. */
export function containersAreContained({ main, cluster, secure, together, text }: Repository): Problems {
  const ownImage = serviceOf(main, 'gateway').image;
  const imageSaysHealth = /^HEALTHCHECK .*CMD \[/m.test(text('Dockerfile'));
  return [...entriesOf(cluster), ...entriesOf(secure), ...entriesOf(together)].flatMap(([name, service]) => {
    const own = service.image === ownImage;
    const sees = service.health === 'own' || (service.health === 'of its image' && own && imageSaysHealth);
    return [
      ...unless(service.init, `${name}: set init: true, so that signals reach it and nothing is left behind`),
      ...unless(!own || service.readOnly, `${name}: set read_only: true`),
      ...unless(sees || ENDS.has(name), `${name}: give it a healthcheck: others wait for it`),
      ...unless(ENDS.has(name) || service.restart === 'unless-stopped', `${name}: set restart: unless-stopped`),
    ];
  });
}

/** The five seconds: a service drains, and only then the engine kills it. */
const STOPS_WITHIN_MS = 5_000;

export function servicesMayDrain({ main, text }: Repository): Problems {
  return PROCESS_NAMES.flatMap((name) => {
    const { environment, stopGracePeriod = '10s' } = serviceOf(main, name);
    const declared = settingsOf(text('docs/configuration.md'), name).find((one) => one.name === 'SHUTDOWN_GRACE_MS');
    const drain = Number.parseInt(environment['SHUTDOWN_GRACE_MS'] ?? declared?.byDefault ?? '', 10);
    const killed = Number(/^([\d.]+)s$/.exec(stopGracePeriod)?.[1]) * 1_000;
    return unless(
      drain < killed && killed <= STOPS_WITHIN_MS,
      `${MAIN}: ${name}: stop_grace_period ${stopGracePeriod} must be more than the ${drain} ms of its drain and at most ${STOPS_WITHIN_MS} ms`,
    );
  });
}
