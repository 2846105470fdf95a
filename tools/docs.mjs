/**
 * Writes what derives from the code: the messages' JSON Schemas, the AsyncAPI document, the message catalogue, the list of settings, the
 * console's types of the API, and the code that is shown in documents. It reads the built packages (`npm run build` first), so what it writes is what runs.
 * It refuses a document that points to a file or a heading which is not there, or leaves out a pause point or a metric.
 *
 *   node tools/docs.mjs                     writes them; refuses to overwrite a schema with an incompatible one
 *   node tools/docs.mjs --check             writes nothing; exit code 1 when a committed file is not what would be written
 *   node tools/docs.mjs --against <commit>  compares the schemas with those of a commit as well, for example origin/main
 */
import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { parseArgs } from 'node:util';
import { KIT } from './boundaries.mjs';

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const SCHEMAS = 'apps/contracts/schemas';

const { values: options } = parseArgs({ options: { check: { type: 'boolean' }, against: { type: 'string' } } });

const { CATALOGUE } = await built('apps/contracts');
const { cataloguePage, shopDocument } = await built('apps/contracts', 'derived/index');
const { contractSchema, refusedChanges, versionedName } = await built('libs/messages', 'documents/index');

const schemas = Object.fromEntries(
  CATALOGUE.messages.map((definition) => [`${versionedName(definition)}.json`, contractSchema(definition)]),
);
refuse(refusedChanges(committedSchemas(), schemas), 'the committed schemas');
if (options.against) refuse(refusedChanges(schemasAt(options.against), schemas), options.against);

const wiring = await readWiring();
const json = (value) => `${JSON.stringify(value, null, 2)}\n`;
const files = {
  ...Object.fromEntries(Object.entries(schemas).map(([name, schema]) => [`${SCHEMAS}/${name}`, json(schema)])),
  'docs/messages/asyncapi.json': json(shopDocument(wiring)),
  'docs/messages/README.md': cataloguePage(wiring),
  'apps/console/src/api/openapi.d.ts': await apiTypes(),
  'docs/configuration.md': await formatted('docs/configuration.md', await configurationPage()),
};
for (const path of handwritten()) files[path] = await formatted(path, withPackages(withCode(read(path))));
const wrong = [...deadLinks(), ...deadAnchors(), ...leftOut()];
if (wrong.length > 0) fail(wrong.join('\n'));

const stale = Object.entries(files).filter(([path, text]) => !existsSync(join(root, path)) || read(path) !== text);
if (options.check) {
  for (const [path] of stale) console.error(`${path} is not up to date`);
  if (stale.length > 0) fail('Run `npm run build && node tools/docs.mjs` and commit what it writes.');
} else {
  for (const [path, text] of stale) {
    mkdirSync(dirname(join(root, path)), { recursive: true });
    writeFileSync(join(root, path), text);
    console.log(`wrote ${path}`);
  }
}

/** The types of the API for the console, from the gateway's document: what the console reads and the API does not answer fails its type check. */
async function apiTypes() {
  const { default: typesOf, astToString } = await import('openapi-typescript');
  const { openApiDocument } = await built('apps/gateway', 'api/openapi');
  const { operationsOf } = await built('apps/gateway', 'operations');
  const document = JSON.parse(JSON.stringify(openApiDocument(operationsOf({ console: true, lab: true }), '0')));
  // All problems have one type, which is among the schemas.
  for (const { responses } of Object.values(document.paths).flatMap((methods) => Object.values(methods))) {
    for (const status of Object.keys(responses)) if (Number(status) >= 400) delete responses[status];
  }
  return `// Written by \`node tools/docs.mjs\` from the gateway's OpenAPI document; do not edit.\n\n${astToString(await typesOf(document))}`;
}

/** Stops when a message would change under those who know it. */
function refuse(changes, before) {
  const lines = Object.entries(changes).flatMap(([name, problems]) =>
    problems.map(({ path, problem, when }) => `  ${name}: ${path ? `${path}: ` : ''}${problem} (${when})`),
  );
  if (lines.length === 0) return;
  fail(
    `Incompatible with ${before}:\n${lines.join('\n')}\nDeclare a new version beside the old one: see CONTRIBUTING.md.`,
  );
}

function committedSchemas() {
  const folder = join(root, SCHEMAS);
  const names = existsSync(folder) ? readdirSync(folder).filter((name) => name.endsWith('.json')) : [];
  return Object.fromEntries(names.map((name) => [name, JSON.parse(read(`${SCHEMAS}/${name}`))]));
}

function schemasAt(commit) {
  const git = (...args) => execFileSync('git', args, { cwd: root, encoding: 'utf8' });
  const paths = git('ls-tree', '-r', '--name-only', commit, '--', SCHEMAS).split('\n').filter(Boolean);
  return Object.fromEntries(
    paths.map((path) => [path.slice(SCHEMAS.length + 1), JSON.parse(git('show', `${commit}:${path}`))]),
  );
}

/**
 * Who handles what: the classes with `@Handles`, asked the way the runtime asks them. Who sends what: commands by the sagas'
 * tables, events by the service they belong to.
 */
async function readWiring() {
  const { handledBy } = await built('libs/unit-of-work');
  const { PROCESSES, SERVICES } = await built('apps/contracts');
  const { SAGAS } = await built('apps/orchestrator', 'sagas');
  const steps = SAGAS.definitions.flatMap(({ steps, whenUndone }) => [...steps, ...(whenUndone ? [whenUndone] : [])]);
  const commands = steps.flatMap(({ forward, undo }) => [forward.send, ...(undo ? [undo.send] : [])]);
  const wired = await Promise.all(
    SERVICES.map(async (service) => {
      const classes = (await handlerModules(service)).flatMap((module) => Object.values(module));
      const handled = classes.flatMap((handler) => messagesHandledBy(handledBy, handler));
      const found = service === 'orchestrator' ? SAGAS.events : handled;
      const told = CATALOGUE.messages.filter(
        (definition) => definition.kind === 'event' && definition.service === service,
      );
      const sent = service === 'orchestrator' ? commands : told;
      undeclared(service, found, sent, PROCESSES[service]);
      return [service, { sends: names(sent), handles: names(found) }];
    }),
  );
  return Object.fromEntries(wired);
}

/** Stops when a service reads or writes a topic that its service.json does not declare: Kafka would refuse that where it knows its users. */
function undeclared(service, handled, sent, { consumes, provides }) {
  const lacks = (field, declared, messages) =>
    messages
      .filter(({ topic }) => !declared.includes(topic))
      .map((one) => `apps/${service}/service.json: ${field}: add ${one.topic}, the topic of ${versionedName(one)}`);
  const unread = consumes.filter((topic) => !handled.some((one) => one.topic === topic));
  const lines = [
    ...lacks('consumes', consumes, handled),
    ...lacks('provides', provides, sent),
    ...unread.map((topic) => `apps/${service}/service.json: consumes: take out ${topic}: no handler reads it`),
  ];
  if (lines.length > 0) fail([...new Set(lines)].join('\n'));
}

function names(definitions) {
  return CATALOGUE.messages.filter((one) => definitions.includes(one)).map(versionedName);
}

function messagesHandledBy(handledBy, handler) {
  if (typeof handler !== 'function' || !handler.prototype?.decide) return [];
  try {
    return handledBy(handler);
  } catch (error) {
    if (error.message.includes('lacks @Handles')) return []; // it handles requests, not messages
    throw error;
  }
}

/** By their sources: what is built of a file that is gone stays in `dist`. */
function handlerModules(service) {
  const [src, dist] = ['src', 'dist'].map((folder) => join(root, 'apps', service, folder));
  const paths = readdirSync(src, { recursive: true }).filter((path) => path.endsWith('.handler.ts'));
  const builtOf = (path) => pathToFileURL(join(dist, path.replace(/\.ts$/, '.js'))).href;
  return Promise.all(paths.sort().map((path) => import(builtOf(path))));
}

async function configurationPage() {
  const { declare, describeConfig, platformConfig } = await built('libs/service');
  const { messagingConfig } = await built('libs/service-messaging');
  const {
    DATABASES: databases,
    PORT_NAMES,
    PROCESS_NAMES,
    portSettingOf,
    processOf,
  } = await built('tools/infrastructure', 'topology');
  const processes = PROCESS_NAMES.map(processOf);
  const shared = { ...platformConfig(0), ...messagingConfig };
  const apps = readdirSync(join(root, 'apps')).filter((app) =>
    existsSync(join(root, 'apps', app, 'dist', 'config.js')),
  );
  const own = await Promise.all(
    apps.map(async (app) => {
      const exported = Object.entries(await built(`apps/${app}`, 'config'));
      const [, declared = {}] = exported.find(([name]) => name.endsWith('_CONFIG')) ?? [];
      const other = Object.entries(declared).filter(([name, variable]) => shared[name] !== variable);
      return other.length > 0 ? `## ${app}\n\n${settings(describeConfig(declare(Object.fromEntries(other))))}` : '';
    }),
  );
  return [
    '# Settings',
    '<!-- Generated by `node tools/docs.mjs`; do not edit. -->',
    'A service is configured by environment variables. They are read and checked once, when it starts: a missing or wrong one is named, all of them at once, and the service does not start. A variable that is set to nothing counts as not set.',
    "Under `npm start` the starter sets where things are (`DATABASE_URL`, `KAFKA_BROKERS`, `HOST`, `PORT`, the services' URLs) and `SHUTDOWN_GRACE_MS`, and passes everything else on: `LOG_LEVEL=debug npm start` reaches every service.",
    "Where several services run in one process (`apps/host`), a variable with the service's name before it is that service's, as `ORDER_LOG_LEVEL`, and one without is for all of them. `PORT`, `METRICS_PORT` and `DATABASE_URL` cannot be shared, and are read with the name alone: `ORDER_DATABASE_URL`.",
    protection(),
    '## The starter',
    starterSettings({ portSettings: PORT_NAMES.map(portSettingOf) }),
    '## Every service',
    settings(
      describeConfig(platformConfig(0)).map((one) => (one.name === 'PORT' ? { ...one, default: 'see below' } : one)),
    ),
    `Each service has a port of its own by default: ${processes.map(({ name, port }) => `${name} ${port}`).join(', ')}.`,
    '## Every service with a database',
    `These are ${databases.map(({ process }) => process).join(', ')}.`,
    settings(describeConfig(messagingConfig)),
    ...own.filter(Boolean),
  ].join('\n\n');
}

/** One box: who is kept away from what, by what. */
function protection() {
  const lines = [
    '**What is protected by what.**',
    '**This machine:** everything listens on 127.0.0.1, asks nobody for anything, and answers requests that name this machine only (`ALLOWED_HOSTS` adds names). A service does not start on another `HOST` without a token, unless `INSECURE=1` says that something else keeps strangers away.',
    "**`OPERATOR_TOKEN`:** the gateway's operators' functions (products, stock, lists of orders, payment intents, sagas, parked messages) ask for it as a bearer token; `npx backstep` shows it.",
    '**`SERVICE_TOKEN`:** what the services behind the gateway ask for, and the gateway shows them; `OPERATOR_TOKEN` where it is not set. `/metrics` asks for it too, and is not on the public port.',
    "**Kafka's ACLs** say who may write which topic. **Database roles:** each service reads and writes its own database only. **TLS** towards clients is a proxy's.",
    '**Not protected yet:** customers do not sign in. Whoever knows the id of an order can read it, and anybody can place one. See [security](security.md).',
  ];
  return lines.map((line) => `> ${line}`).join('\n>\n');
}

function starterSettings({ portSettings }) {
  const rows = [
    ['DATABASE_URL', 'A PostgreSQL server where roles and databases may be created, instead of the embedded one'],
    ['KAFKA_BROKERS', 'Kafka brokers, comma-separated, instead of the embedded one'],
    ['BACKSTEP_DIR', 'Where data, logs and passwords are kept; `.backstep` in the clone by default'],
    ['STRIPE_SECRET_KEY', 'Given to the payment service only'],
    [
      'STRIPE_WEBHOOK_SECRET',
      'The same, with `STRIPE_SECRET_KEY`; the stand-in has a secret of its own, made on first use',
    ],
    [portSettings.join('`, `'), 'Each moves one port'],
  ];
  return [
    '| variable | what it is for |',
    '| --- | --- |',
    ...rows.map(([name, text]) => `| \`${name}\` | ${text} |`),
  ].join('\n');
}

function settings(variables) {
  const row = ({ name, description, default: value, unit, secret, required }) => {
    const shown = required ? 'must be set' : secret ? 'not shown' : `${value}${unit ? ` ${unit}` : ''}`;
    return `| \`${name}\` | ${description}${secret ? '. Secret: never printed' : ''} | ${shown} |`;
  };
  return ['| variable | what it is for | default |', '| --- | --- | --- |', ...variables.map(row)].join('\n');
}

function handwritten() {
  const generated = ['docs/configuration.md', 'docs/messages/README.md'];
  const atTheTop = ['README.md', 'CONTRIBUTING.md', 'CHANGELOG.md', 'SECURITY.md'];
  const pages = readdirSync(join(root, 'docs'), { recursive: true }).filter((path) => path.endsWith('.md'));
  const ofPackages = ['apps', 'libs', 'proof', 'tools']
    .flatMap((room) => readdirSync(join(root, room)).map((name) => `${room}/${name}/README.md`))
    .filter((path) => existsSync(join(root, path)));
  return [...atTheTop, ...pages.map((path) => `docs/${path}`), ...ofPackages].filter(
    (path) => !generated.includes(path),
  );
}

/** After `<!-- from path -->`, or `<!-- from path "first line" to "last line" -->`, stands that code. */
function withCode(page) {
  const marker = /(<!-- from (\S+)(?: "(.+)" to "(.+)")? -->\n)\n*(?:```ts\n[\s\S]*?\n```\n)?/g;
  return page.replaceAll(
    marker,
    (_, line, path, first, last) => `${line}\n\`\`\`ts\n${excerpt(path, first, last)}\n\`\`\`\n`,
  );
}

/** @param first how the first line begins @param last the whole last line */
function excerpt(path, first, last) {
  const lines = read(path).trimEnd().split('\n');
  if (first === undefined) return lines.join('\n');
  const start = lines.findIndex((line) => line.startsWith(first));
  const end = lines.indexOf(last, start);
  if (start < 0 || end < 0) fail(`${path} has no lines from ${first} to ${last}`);
  const indent = /^ */.exec(lines[start])[0].length;
  return lines
    .slice(start, end + 1)
    .map((line) => line.slice(indent))
    .join('\n');
}

/** The kit's packages and what each may import, where a document asks for them. */
function withPackages(text) {
  return text.replace(
    /(<!-- packages[^>]*-->).*?(<!-- \/packages -->)/s,
    (_, begin, end) => `${begin}\n\n${packagesTable()}\n${end}`,
  );
}

function packagesTable() {
  const rows = Object.entries(KIT).map(([name, imports]) => {
    const { description } = JSON.parse(read(`libs/${name}/package.json`));
    return `| \`${name}\` | ${description.replace(/[.]$/, '')} | ${imports.join(', ') || 'none'} |\n`;
  });
  return `| package | what it is | imports of the kit |\n| --- | --- | --- |\n${rows.join('')}`;
}

/** Links within the repository, and paths in backticks, but for those of what the page has its reader generate. */
function deadLinks() {
  return Object.entries(files).flatMap(([page, text]) => {
    if (!page.endsWith('.md')) return [];
    const links = [...text.matchAll(/\]\((?!https?:|#)([^)#\s]+)/g)].map(([, path]) => join(dirname(page), path));
    const paths = [...text.matchAll(/`((?:apps|libs|proof|tools|docs)\/[\w./-]+)`/g)].map(([, path]) => path);
    const generated = [...text.matchAll(/nx g @backstep\/tools:(?:service|saga) ([a-z-]+)/g)].map(([, name]) => name);
    const isThere = (path) =>
      path in files || existsSync(join(root, path)) || path.split(/[/.]/).some((name) => generated.includes(name));
    return [...links, ...paths]
      .filter((path) => !isThere(path))
      .map((path) => `${page} points to ${path}, which is not there`);
  });
}

/** Links to a heading of one of these pages that it does not have. A heading's anchor is what GitHub makes of it. */
function deadAnchors() {
  const anchorOf = (heading) =>
    heading
      .toLowerCase()
      .replaceAll(/[^\p{L}\p{N} _-]/gu, '')
      .replaceAll(' ', '-');
  const anchorsOf = (text) => new Set([...text.matchAll(/^#{1,6} (.+)$/gm)].map(([, heading]) => anchorOf(heading)));
  return Object.entries(files).flatMap(([page, text]) =>
    [...text.matchAll(/\]\((?!https?:)([^)#\s]*)#([^)\s]+)\)/g)]
      .map(([, path, anchor]) => ({ to: path ? join(dirname(page), path) : page, anchor }))
      .filter(({ to, anchor }) => files[to] !== undefined && !anchorsOf(files[to]).has(anchor))
      .map(({ to, anchor }) => `${page} points to #${anchor}, which ${to} does not have`),
  );
}

/** Names in the code that a document must have. A name that is put together (`…-${call}`) is looked for by its beginning. */
function leftOut() {
  const sources = ['apps', 'libs'].flatMap((folder) =>
    readdirSync(join(root, folder), { recursive: true })
      .map((path) => join(folder, path))
      .filter((path) => /\/src\/.*(?<!\.spec)\.ts$/.test(path) && !path.includes('node_modules')),
  );
  const code = sources.map(read).join('\n');
  const named = (pattern) => [...new Set([...code.matchAll(pattern)].map(([, name]) => name))];
  const wanted = {
    'docs/pause-points.md': named(/await pausePoint\(['`]([\w.-]+)/g).filter((name) => name !== '…'),
    'docs/operations.md': named(/'(backstep_[a-z_]+_(?:seconds|total|messages|instances|unpublished|pending))'/g),
  };
  return Object.entries(wanted).flatMap(([page, names]) =>
    names.filter((name) => !files[page].includes(`\`${name}`)).map((name) => `${page} leaves out ${name}`),
  );
}

async function formatted(path, text) {
  const prettier = await import('prettier');
  return prettier.format(text, { ...(await prettier.resolveConfig(join(root, path))), parser: 'markdown' });
}

function built(project, file = 'index') {
  const path = join(root, project, 'dist', `${file}.js`);
  if (!existsSync(path)) fail(`${project} is not built: run \`npm run build\` first.`);
  return import(pathToFileURL(path).href);
}

function read(path) {
  return readFileSync(join(root, path), 'utf8');
}

function fail(message) {
  console.error(message);
  process.exit(1);
}
