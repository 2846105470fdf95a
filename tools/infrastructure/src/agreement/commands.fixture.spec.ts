import type { Service } from './compose-file.fixture.spec.js';
import { unless, type Problems } from './problems.fixture.spec.js';
import { MAIN, type Repository } from './repository.fixture.spec.js';

/** Every `docker compose …` in documents and comments names commands, files, profiles and services that there are. */
export const commandsExist = (repository: Repository): Problems =>
  Object.entries(repository.texts).flatMap(([path, page]) =>
    [...page.matchAll(COMMAND)].flatMap(([command, words = '']) =>
      isKnown(words.trim().split(/\s+/), repository).map((problem) => `${path}: ${command}: ${problem}`),
    ),
  );

/** Up to what ends a command in a shell or in the page. */
const COMMAND = /docker compose((?:[ \t]+[^\s`|&;#>)]+)+)/g;

const words = (text: string): ReadonlySet<string> => new Set(text.split(' '));

/** The words after these are services. */
const OF_SERVICES = words('up build create kill logs pause ps pull restart rm start stop top unpause wait watch');
/** The first word after these is a service; what follows is a command of its own. */
const OF_ONE_SERVICE = words('run exec port');
const OF_NONE = words('down config cp events images ls version');

/** Options whose value is the next word. */
const WITH_VALUE = words(
  '--file --profile -p --project-name --env-file --scale -t --timeout --wait-timeout -n --tail --since --until -s --signal -e --env -u --user -w --workdir --index --format --name --status --filter',
);

interface Command {
  /** The subcommand, and what follows it. */
  readonly plain: readonly string[];
  readonly options: readonly (readonly [name: string, value: string])[];
}

function read(line: readonly string[]): Command {
  const plain: string[] = [];
  const options: [string, string][] = [];
  for (let at = 0; at < line.length; at++) {
    const word = line[at] ?? '';
    if (!word.startsWith('-')) {
      plain.push(word);
      if (OF_ONE_SERVICE.has(plain[0] ?? '') && plain.length === 2) break;
      continue;
    }
    const equals = word.indexOf('=');
    if (equals > 0) options.push([word.slice(0, equals), word.slice(equals + 1)]);
    // Before the subcommand `-f` names a file; after it, it is a flag: `logs -f`, `rm -f`.
    else if (word === '-f' && plain.length === 0) options.push(['--file', line[++at] ?? '']);
    else options.push([word, WITH_VALUE.has(word) ? (line[++at] ?? '') : '']);
  }
  return { plain, options };
}

function isKnown(line: readonly string[], { composeFiles }: Repository): Problems {
  const { plain, options } = read(line);
  const [subcommand = '', ...rest] = plain;
  const valuesOf = (name: string): string[] => options.filter((option) => option[0] === name).map(([, value]) => value);
  const files = valuesOf('--file');
  const chosen = (files.length > 0 ? files : [MAIN]).map((file) => composeFiles[file]?.services ?? {});
  const services: Readonly<Record<string, Service>> = Object.assign({}, ...chosen);
  const profiles = Object.values(services).flatMap((service) => service.profiles);
  const named = [
    ...(OF_SERVICES.has(subcommand) ? rest : OF_ONE_SERVICE.has(subcommand) ? rest.slice(0, 1) : []),
    ...valuesOf('--scale').map((scale) => scale.split('=')[0] ?? ''),
  ];
  const isCommand = [OF_SERVICES, OF_ONE_SERVICE, OF_NONE].some((known) => known.has(subcommand));
  return [
    ...unless(isCommand || subcommand === '', `docker compose has no command ${subcommand}`),
    ...files.filter((file) => !(file in composeFiles)).map((file) => `there is no ${file}`),
    ...valuesOf('--profile')
      .filter((profile) => !profiles.includes(profile))
      .map((profile) => `there is no profile ${profile}`),
    ...named.filter((name) => !(name in services)).map((name) => `there is no service ${name}`),
  ];
}
