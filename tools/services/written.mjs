/** What follows from the declarations: the whole text of a file, or the lines of one part of it. */

const quoted = (value) => `'${value}'`;
const listed = (values) => `[${values.map(quoted).join(', ')}]`;
/** The provider's stand-in stays by itself: it is somebody else's system. */
const hosted = (all) => all.filter(({ name, database }) => database !== undefined || name === 'gateway');
const owners = (all) => all.filter(({ database }) => database !== undefined);
const password = ({ name, variable }) => `\${${variable}_DB_PASSWORD:-${name}-development}`;
const connection = (one) => `postgres://${one.database}:${password(one)}@postgres:5432/${one.database}`;
const madeUp = (name) => `\${${name}:?make it up with node tools/containers/passwords.mjs}`;
const user = ({ variable }) => madeUp(`${variable}_KAFKA_PASSWORD`);

/** `apps/contracts/src/services.ts`: the declarations as values with literal types. */
export function servicesSource(all, topics) {
  const entry = ({ name, variable, port, database, consumes, provides }) =>
    [
      `  ${quoted(name)}: {`,
      `    variable: ${quoted(variable)},`,
      `    port: ${port},`,
      ...(database === undefined
        ? []
        : [
            `    database: ${quoted(database)},`,
            `    consumes: ${listed(consumes)},`,
            `    provides: ${listed(provides)},`,
          ]),
      '  },',
    ].join('\n');
  const participants = owners(all).filter(({ name }) => topics.some((topic) => topic.startsWith(`${name}.`)));
  return `// Written by \`node tools/services.mjs\` from apps/*/service.json; do not edit.

/** Every process of the shop, by port. \`variable\` is what the names of its settings begin with. */
export const PROCESSES = {
${all.map(entry).join('\n')}
} as const;

/** The services: each owns a database. */
export const SERVICES = ${listed(owners(all).map(({ name }) => name))} as const;

/** Services that take part in sagas: commands go in, events come out. The orchestrator only reads and sends. */
export const PARTICIPANTS = ${listed(participants.map(({ name }) => name))} as const;

export const TOPIC_NAMES = ${listed(topics)} as const;
`;
}

/** `apps/host/src/services.ts`: what a host can run, which is the services and the gateway in front of them. */
export const hostedSource = (all) => `// Written by \`node tools/services.mjs\` from apps/*/service.json; do not edit.
import type { ServiceOptions } from '@backstep/service';

/** What a host can run. The code of a service is loaded when it is asked for. */
export const SERVICES = {
${hosted(all)
  .map(({ name }) => `  ${quoted(name)}: async () => (await import('@backstep/${name}/service')).SERVICE,`)
  .join('\n')}
} as const satisfies Record<string, () => Promise<ServiceOptions>>;

export type HostedService = keyof typeof SERVICES;
`;

/** `apps/contracts/src/messages/index.ts`: all messages of all services. */
export const messagesSource = (
  files,
) => `// Written by \`node tools/services.mjs\` from the files beside it; do not edit.
${files.map((file) => `export * from './${file.replace(/\.ts$/, '.js')}';\n`).join('')}`;

/** The parts of files that are otherwise written by hand, by file and name. Lines are indented as the part's first line is. */
export const PARTS = {
  'docker-compose.yml': {
    urls: (all) => [
      'x-clients: &clients',
      ...owners(all).map(({ name, variable, port }) => `  ${variable}_URL: http://${name}:${port}`),
    ],
    waits: (all) => owners(all).map(({ name }) => `${name}: { condition: service_healthy }`),
    services: (all) => blocks(owners(all).map(container)),
    databases: (all) => owners(all).map((one) => `${one.variable}_DATABASE_URL: ${connection(one)}`),
    passwords: (all) => owners(all).map((one) => `${one.variable}_DB_PASSWORD: ${password(one)}`),
  },
  'compose.cluster.yml': {
    services: (all) => owners(all).map(({ name }) => `${name}: *service`),
  },
  'compose.express.yml': {
    services: (all) => owners(all).map(({ name }) => `${name}: *service`),
  },
  'compose.together.yml': {
    settings: (all) => owners(all).flatMap(inHost),
    ports: (all) => owners(all).map(({ port }) => `- '${port}'`),
    services: (all) => owners(all).map(({ name }) => `${name}: *apart`),
  },
  'compose.secure.yml': {
    services: (all) => blocks(owners(all).map(secured)),
    passwords: (all) => owners(all).map((one) => `${one.variable}_KAFKA_PASSWORD: ${user(one)}`),
  },
  '.env.example': {
    passwords: (all) => owners(all).map(({ name, variable }) => `${variable}_DB_PASSWORD=${name}-development`),
    users: (all) => owners(all).map(({ variable }) => `# ${variable}_KAFKA_PASSWORD=`),
  },
  'tools/containers/postgres/databases.sql': {
    databases: (all) => sql(owners(all)),
  },
};

/** Entries with an empty line between two. */
const blocks = (entries) => entries.flatMap((lines, at) => (at === 0 ? lines : ['', ...lines]));

const container = (one) => [
  `${one.name}:`,
  '  <<: *service',
  `  command: [apps/${one.name}/dist/main.js]`,
  '  environment:',
  '    <<: *environment',
  `    PORT: '${one.port}'`,
  `    DATABASE_URL: ${connection(one)}`,
  ...Object.entries(one.container.environment ?? {}).map(([name, value]) => `    ${name}: ${value}`),
  ...(one.container.waitsFor
    ? [
        '  depends_on:',
        '    <<: *needs-stores',
        ...one.container.waitsFor.map((other) => `    ${other}: { condition: service_healthy }`),
      ]
    : ['  depends_on: *needs-stores']),
];

/** What is a service's own, under its prefix; its gateway finds it in the same container. */
const inHost = (one) => [
  `${one.variable}_URL: http://127.0.0.1:${one.port}`,
  `${one.variable}_PORT: '${one.port}'`,
  `${one.variable}_DATABASE_URL: ${connection(one)}`,
  ...Object.entries(one.container.environment ?? {}).map(([name, value]) => `${one.variable}_${name}: ${value}`),
];

const secured = (one) => [
  `${one.name}:`,
  '  environment:',
  '    <<: *client',
  `    KAFKA_SASL_USERNAME: ${one.name}`,
  `    KAFKA_SASL_PASSWORD: ${user(one)}`,
  ...(one.container.secrets ?? []).map((name) => `    ${name}: ${madeUp(name)}`),
  '  volumes: *certificate',
];

function sql(all) {
  const variable = ({ variable: name }) => `${name.toLowerCase()}_password`;
  const names = all.map(({ database }) => database);
  return [
    ...all.map((one) => `\\getenv ${variable(one)} ${one.variable}_DB_PASSWORD`),
    '',
    ...all.map((one) => `CREATE ROLE ${one.database} LOGIN PASSWORD :'${variable(one)}';`),
    '',
    ...names.map((name) => `CREATE DATABASE ${name} OWNER ${name};`),
    '',
    '-- Every role may connect everywhere unless PUBLIC is told otherwise; the owner keeps the right as owner.',
    `REVOKE ALL ON DATABASE ${names.join(', ')} FROM PUBLIC;`,
  ];
}
