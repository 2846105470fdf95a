import { parse } from 'yaml';
import { DATABASES } from '../topology.js';
import { requiredIn, variablesIn } from './compose-file.fixture.spec.js';
import { difference, unless, type Problems } from './problems.fixture.spec.js';
import type { Repository } from './repository.fixture.spec.js';

/** A variable that a service reads. Without a default it must be set. */
export interface Setting {
  readonly name: string;
  readonly byDefault: string | undefined;
}

/**
 * What a service declares, from docs/configuration.md: `node tools/docs.mjs` writes it from the services' own declarations, and
 * `.ci/run` refuses one that is not up to date. To ask the declarations themselves would import all apps from a tool.
 */
export function settingsOf(page: string, service: string): Setting[] {
  const ownsDatabase = DATABASES.some(({ process }) => process === service);
  const titles = ['Every service', ...(ownsDatabase ? ['Every service with a database'] : []), service];
  const sections = new Map(
    page.split(/^## /m).map((section) => [section.slice(0, section.indexOf('\n')).trim(), section]),
  );
  return titles.flatMap((title) =>
    [...(sections.get(title) ?? '').matchAll(/^\| `(\w+)` *\|.*\| *(.*?) *\|$/gm)].map(([, name = '', shown = '']) => ({
      name,
      byDefault: shown === 'must be set' ? undefined : shown,
    })),
  );
}

/** What the image itself sets. */
export function dockerfileVariables(dockerfile: string): Record<string, string> {
  const last = dockerfile.slice(dockerfile.lastIndexOf('\nFROM '));
  const pairs = [...last.matchAll(/^ENV (.*)$/gm)].flatMap(([, line = '']) => line.split(/\s+/));
  return Object.fromEntries(pairs.map((pair) => pair.split('=') as [string, string]));
}

/** Every setting of the compose files is explained, with the default that it has, and nothing else is. What must be set is a comment. */
export function examplesAgree({ composeFiles, text }: Repository): Problems {
  const used = Object.values(composeFiles).flatMap((file) => variablesIn(file.text));
  const required = Object.values(composeFiles).flatMap((file) => requiredIn(file.text));
  const lines = [...text('.env.example').matchAll(/^#? ?([A-Z][A-Z0-9_]*)=(.*)$/gm)];
  const shown = lines.map(([, name, value]) => `${name}=${value}`);
  const without = used
    .filter((one) => one.byDefault === undefined)
    .map((one) => `give \${${one.name}} a default: \${${one.name}:-…}`);
  return [
    ...new Set(without),
    ...difference(
      [...used.map((one) => `${one.name}=${one.byDefault ?? ''}`), ...required.map((name) => `${name}=`)],
      shown,
      (line) => `.env.example: add ${line}, as a compose file has it`,
      (line) => `.env.example: take out ${line}: no compose file has it so`,
    ),
  ];
}

interface Workflow {
  readonly jobs: Readonly<
    Record<string, { readonly strategy?: { readonly matrix: { readonly node: readonly number[] } } }>
  >;
}

/** The majors of Node on which all is tried. */
const testedNodes = (workflow: string): readonly number[] =>
  Object.values((parse(workflow) as Workflow).jobs).flatMap(({ strategy }) => strategy?.matrix.node ?? []);

/** The pipeline tries the least Node that is promised, and runs what there is to run. */
export function pipelineIsSound({ text }: Repository): Problems {
  const workflow = text('.github/workflows/ci.yml');
  const { engines, scripts } = JSON.parse(text('package.json')) as {
    engines: { node: string };
    scripts: Record<string, string>;
  };
  const least = Number(/\d+/.exec(engines.node)?.[0]);
  const run = [...workflow.matchAll(/\bnpm run ([\w:-]+)/g)].map(([, script = '']) => script);
  return [
    ...unless(
      Math.min(...testedNodes(workflow)) === least,
      `ci.yml: the oldest Node that is tested must be ${least}, the oldest that package.json allows`,
    ),
    ...run.filter((script) => !(script in scripts)).map((script) => `ci.yml: package.json has no script ${script}`),
  ];
}

/** The image runs a Node that is tested, as somebody who is not root, with no shell between it and the signals. */
export function imageIsSound({ text }: Repository): Problems {
  const dockerfile = text('Dockerfile');
  const tested = testedNodes(text('.github/workflows/ci.yml'));
  const images = fromLines(dockerfile);
  const [last = ''] = dockerfile.split(/^FROM /m).slice(-1);
  const user = [...last.matchAll(/^USER (\S+)/gm)].at(-1)?.[1];
  const instructions = [...last.matchAll(/^(ENTRYPOINT|CMD) (.*)$/gm)];
  return [
    ...images.flatMap((image) => {
      const major = Number(/^node:(\d+)\b/.exec(image)?.[1]);
      return unless(
        tested.includes(major),
        `Dockerfile: FROM ${image}: take a Node that ci.yml tests: ${tested.join(', ')}`,
      );
    }),
    ...unless(
      user !== undefined && !['root', '0'].includes(user.split(':')[0] ?? ''),
      'Dockerfile: end with a USER that is not root',
    ),
    ...unless(instructions.length > 0, 'Dockerfile: add an ENTRYPOINT'),
    ...instructions
      .filter(([, , value = '']) => !value.trim().startsWith('['))
      .map(([line]) => `Dockerfile: ${line}: write it as a list, or a shell gets the signals`),
    ...unless(/^HEALTHCHECK .*CMD \[/m.test(last), 'Dockerfile: add a HEALTHCHECK with its command as a list'),
  ];
}

/** The images of all stages that are not another stage, build arguments filled in. */
function fromLines(dockerfile: string): string[] {
  const defaults = Object.fromEntries(
    [...dockerfile.matchAll(/^ARG (\w+)=(\S+)/gm)].map(([, name, value]) => [name, value]),
  );
  const stages = [...dockerfile.matchAll(/^FROM (?:--\S+ )?(\S+)(?: AS (\w+))?/gim)];
  const names = new Set(stages.map(([, , name]) => name));
  const images = stages.map(([, image = '']) =>
    image.replace(/\$\{?(\w+)\}?/, (_, name: string) => defaults[name] ?? ''),
  );
  return [...new Set(images.filter((image) => !names.has(image)))];
}
