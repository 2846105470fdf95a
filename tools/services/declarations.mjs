import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

/**
 * What the processes of the shop say of themselves: `apps/<name>/service.json`. This module uses nothing but Node, because what reads it
 * runs before anything is installed or built.
 *
 *   name       as its folder: letters, digits and dashes
 *   port       where it listens unless a setting moves it
 *   database   the database that it owns, and the role that owns it; without one it is a process and no service
 *   consumes   topics that it reads: its own commands, events of others; `*.events` are those of all
 *   provides   topics that it writes: its own events; `*.commands` are those of all, for the one that runs sagas
 *   container  what its container has beside: `environment`, `secrets`, those of its environment that compose.secure.yml has no default for,
 *              and `waitsFor`, processes that must be healthy before
 */
const FIELDS = ['$schema', 'name', 'port', 'database', 'consumes', 'provides', 'container'];

export const root = fileURLToPath(new URL('../..', import.meta.url));

/**
 * All declarations, by port, with topics in full.
 * @throws Error that says, a line each, in which file which field is wrong, and what to write
 */
export function declarations(from = root) {
  const found = readdirSync(join(from, 'apps'))
    .filter((folder) => existsSync(join(from, 'apps', folder, 'service.json')))
    .map((folder) => ({ folder, declared: parsed(from, `apps/${folder}/service.json`) }));
  const wrong = [...found.flatMap(alone), ...together(found.map(({ declared }) => declared))];
  if (wrong.length > 0) throw new Error(wrong.join('\n'));
  const all = found.map(({ declared }) => declared).sort((a, b) => a.port - b.port);
  const topics = topicsOf(all);
  return all.map(({ name, port, database, consumes = [], provides = [], container = {} }) => ({
    ...{ name, variable: name.toUpperCase().replaceAll('-', '_'), port, database, container },
    consumes: expanded(consumes, topics),
    provides: expanded(provides, topics),
  }));
}

function parsed(from, path) {
  try {
    return JSON.parse(readFileSync(join(from, path), 'utf8'));
  } catch (error) {
    throw new Error(`${path}: ${error.message}`, { cause: error });
  }
}

/** A topic is there when its service declares it: `x.commands` when x consumes it, `x.events` when x provides it. */
export const topicsOf = (all) =>
  [...all]
    .sort((a, b) => a.port - b.port)
    .flatMap(({ name, consumes = [], provides = [] }) => [
      ...consumes.filter((topic) => topic === `${name}.commands`),
      ...provides.filter((topic) => topic === `${name}.events`),
    ]);

const expanded = (names, topics) =>
  names.flatMap((name) => (name.startsWith('*') ? topics.filter((topic) => topic.endsWith(name.slice(1))) : [name]));

/** What is wrong with one, whatever the others say. */
function alone({ folder, declared }) {
  const { name, port, database, consumes = [], provides = [], container = {} } = declared;
  const say = (holds, sentence) => (holds ? [] : [`apps/${folder}/service.json: ${sentence}`]);
  const takesPart = consumes.length > 0 || provides.length > 0;
  const isProvided = (topic) => topic === `${name}.events` || topic === '*.commands';
  const isConsumed = (topic) => !topic.endsWith('.commands') || topic === `${name}.commands`;
  return [
    ...Object.keys(declared)
      .filter((field) => !FIELDS.includes(field))
      .flatMap((field) => say(false, `there is no field ${field}; there are ${FIELDS.slice(1).join(', ')}`)),
    ...say(name === folder && /^[a-z][a-z0-9]*(-[a-z0-9]+)*$/.test(name), `name must be that of its folder, ${folder}`),
    ...say(Number.isInteger(port) && port > 0 && port < 65_536, `port must be a port, not ${JSON.stringify(port)}`),
    ...say(
      database === undefined || /^[a-z][a-z0-9_]{0,62}$/.test(database),
      `database must be a name of at most 63 small letters, digits and _, not ${JSON.stringify(database)}`,
    ),
    ...say(
      database !== undefined || !takesPart,
      'without a database it has no inbox and no outbox: add database, or take out its topics',
    ),
    ...provides
      .filter((topic) => !isProvided(topic))
      .flatMap((topic) => say(false, `provides: ${topic} is another's to write; write ${name}.events or *.commands`)),
    ...consumes
      .filter((topic) => !isConsumed(topic))
      .flatMap((topic) => say(false, `consumes: ${topic} are commands to another; write ${name}.commands, or events`)),
    ...Object.keys(container)
      .filter((field) => !['environment', 'secrets', 'waitsFor'].includes(field))
      .flatMap((field) =>
        say(false, `container: there is no field ${field}; there are environment, secrets, waitsFor`),
      ),
    ...(container.secrets ?? [])
      .filter((name) => !(name in (container.environment ?? {})))
      .flatMap((name) => say(false, `container.secrets: ${name} is not in container.environment`)),
  ];
}

/** What is wrong between them. */
function together(all) {
  const topics = topicsOf(all);
  const twice = (field) =>
    all.flatMap((one) => {
      const other = all.find((before) => before[field] !== undefined && before[field] === one[field]);
      if (!other || other === one) return [];
      const free = field === 'port' ? `; ${nextPort(all)} is free` : '';
      return [
        `apps/${one.name}/service.json: ${field}: ${one[field]} is in apps/${other.name}/service.json too${free}`,
      ];
    });
  return [
    ...twice('port'),
    ...twice('database'),
    ...all.flatMap(({ name, consumes = [] }) =>
      consumes
        .filter((topic) => !topic.startsWith('*') && !topics.includes(topic))
        .map(
          (topic) => `apps/${name}/service.json: consumes: nobody provides ${topic}; there are ${topics.join(', ')}`,
        ),
    ),
    ...all.flatMap(({ name, container: { waitsFor = [] } = {} }) =>
      waitsFor
        .filter((other) => !all.some((one) => one.name === other))
        .map((other) => `apps/${name}/service.json: container.waitsFor: there is no ${other}`),
    ),
  ];
}

/** The one after the last. */
export const nextPort = (all) => Math.max(...all.map(({ port }) => port).filter(Number.isInteger)) + 1;
