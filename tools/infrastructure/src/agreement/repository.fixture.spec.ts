import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { ROOT } from '../topology.js';
import { parseCompose, withOverlay, withoutProfile, type ComposeFile } from './compose-file.fixture.spec.js';

/** The files that must agree, as texts: a spec replaces a line of one and sees which check notices. */
export type Texts = Readonly<Record<string, string>>;

/** The same, parsed. */
export interface Repository {
  readonly main: ComposeFile;
  /** The overlays over the main file. */
  readonly cluster: ComposeFile;
  readonly secure: ComposeFile;
  readonly express: ComposeFile;
  readonly tools: ComposeFile;
  /** Without what runs in the host. */
  readonly together: ComposeFile;
  /** Compose files by path, each alone. */
  readonly composeFiles: Readonly<Record<string, ComposeFile>>;
  /** @throws Error when it is not among those that were read */
  text(path: string): string;
  readonly texts: Texts;
}

export const MAIN = 'docker-compose.yml';
export const CLUSTER = 'compose.cluster.yml';
export const EXPRESS = 'compose.express.yml';
export const SECURE = 'compose.secure.yml';
export const TOOLS = 'compose.tools.yml';
export const TOGETHER = 'compose.together.yml';
/** The profile of the services that run in the host. */
export const APART = 'apart';
export const SQL = 'tools/containers/postgres/databases.sql';

const FILES = [
  ...[
    MAIN,
    CLUSTER,
    EXPRESS,
    SECURE,
    TOOLS,
    TOGETHER,
    SQL,
    '.env.example',
    'Dockerfile',
    '.github/workflows/ci.yml',
    'package.json',
  ],
  ...['tools/infrastructure/package.json', 'tools/infrastructure/kafka/pom.xml', 'docs/configuration.md'],
];

/** What lies in the clone. */
export function readTexts(): Texts {
  const pages = readdirSync(join(ROOT, 'docs'), { recursive: true, encoding: 'utf8' }).filter((path) =>
    path.endsWith('.md'),
  );
  const paths = [
    ...FILES,
    'README.md',
    'CONTRIBUTING.md',
    ...pages.map((path) => `docs/${path.replaceAll('\\', '/')}`),
  ];
  const there = paths.filter((path) => existsSync(join(ROOT, path)));
  return Object.fromEntries(there.map((path) => [path, readFileSync(join(ROOT, path), 'utf8')]));
}

export function parseRepository(texts: Texts): Repository {
  const text = (path: string): string => {
    const found = texts[path];
    if (found === undefined) throw new Error(`${path} is not there: put it back, or change ${import.meta.url}`);
    return found;
  };
  const read = (path: string): ComposeFile => parseCompose(text(path));
  const [main, cluster, secure, tools] = [read(MAIN), read(CLUSTER), read(SECURE), read(TOOLS)];
  const [together, express] = [read(TOGETHER), read(EXPRESS)];
  return {
    main,
    cluster: withOverlay(main, cluster),
    secure: withOverlay(main, secure),
    express: withOverlay(main, express),
    tools: withOverlay(main, tools),
    together: withoutProfile(withOverlay(main, together), APART),
    composeFiles: {
      ...{ [MAIN]: main, [CLUSTER]: cluster, [SECURE]: secure, [EXPRESS]: express },
      ...{ [TOOLS]: tools, [TOGETHER]: together },
    },
    text,
    texts,
  };
}
