import { describe, expect, it } from '@jest/globals';
import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { promisify } from 'node:util';
import { ask, base, builtConsole, document, ID, startGatewayAlone } from '../gateway-alone.fixture.spec.js';
import { OPERATIONS } from '../operations.js';
import { SHELL_VARIABLES } from './curl-example.js';
import { exampleOf } from './example.js';

/**
 * Goal: people read the document on a page that brings along all it needs, and each of its examples is true. Method: the whole gateway with
 * every service unreachable; the commands of the page run in a shell. `npm run check:page` looks at it in a browser.
 */
startGatewayAlone();

const run = promisify(execFile);
const page = async (): Promise<string> => String((await ask('GET', '/docs')).body);
/** Between its style and its script. */
const markupOf = (shown: string): string => /<body>([^]*)<script>/.exec(shown)?.[1] ?? '';
const hashOf = (text: string): string => `'sha256-${createHash('sha256').update(text).digest('base64')}'`;

const textOf = (markup: string): string =>
  markup
    .replaceAll(/<[^>]+>/g, '')
    .replaceAll('&quot;', '"')
    .replaceAll('&#39;', "'")
    .replaceAll('&lt;', '<')
    .replaceAll('&gt;', '>')
    .replaceAll('&amp;', '&');

describe('the page for people', () => {
  it('the page has every operation and every schema, each with an anchor and a navigation entry', async () => {
    const shown = markupOf(await page());
    for (const { id, path, summary } of OPERATIONS) {
      expect(shown).toContain(summary.replaceAll("'", '&#39;'));
      expect(shown).toContain(path);
      expect([id, shown.split(`id="${id}"`).length, shown.includes(`href="#${id}"`)]).toEqual([id, 2, true]);
    }
    const targets = [...shown.matchAll(/href="#([^"]+)"/g)].map(([, target]) => target ?? '');
    expect(targets.filter((target) => !shown.includes(`id="${target}"`))).toEqual([]);
    for (const name of Object.keys(document.components.schemas)) expect(targets).toContain(name);
  });

  it('the page loads nothing and runs its own script only', async () => {
    const { headers, body } = await ask('GET', '/docs');
    const shown = String(body);
    const policy = headers.get('content-security-policy') ?? '';
    const [scripts, styles] = ['script', 'style'].map((name) => [
      ...shown.matchAll(new RegExp(`<${name}>([^]*?)</${name}>`, 'g')),
    ]);
    expect([scripts?.length, styles?.length]).toEqual([1, 1]);
    expect(policy).toContain("default-src 'none'");
    expect(policy).toContain(`script-src ${hashOf(scripts?.[0]?.[1] ?? '')};`);
    expect(policy).toContain(`style-src ${hashOf(styles?.[0]?.[1] ?? '')};`);
    expect(policy).not.toContain('unsafe');
    expect(shown.replace(scripts?.[0]?.[0] ?? '', '')).not.toMatch(
      /<script|<img|src=|\son\w+=|\sstyle=|<link (?!rel="icon" href="data:)/,
    );
  });

  it('the page is complete without its script', async () => {
    expect(markupOf(await page())).not.toMatch(/<button|<input|<form|<details(?! open)|\shidden/);
  });

  it('the page has a command for each operation, which a shell runs and the gateway accepts', async () => {
    const commands = [...(await page()).matchAll(/<pre tabindex="0" class="curl">([^]*?)<\/pre>/g)].map(([, text]) =>
      textOf(text ?? ''),
    );
    expect(commands).toHaveLength(OPERATIONS.length);
    const others: Readonly<Record<string, string>> = { version: '1', file: builtConsole.script };
    const ids = Object.fromEntries(SHELL_VARIABLES.map((name) => [name, others[name] ?? ID]));
    for (const command of commands) {
      const here = command.replace('http://127.0.0.1:3000', base);
      // A stream ends when its client has seen enough.
      const enough = here.endsWith('/v1/stream') ? '-s --max-time 1 || true' : '-s';
      const { stdout } = await run('sh', ['-c', `${here} ${enough}`], { env: { ...process.env, ...ids } });
      const status = Number(/^HTTP\/1\.1 (\d+)/.exec(stdout)?.[1]);
      // Every service is away: what gets as far as 503 is nothing that the gateway refuses.
      expect([command, [200, 503].includes(status)]).toEqual([command, true]);
    }
  });

  it('the page’s examples of answers match their schemas', () => {
    const examples = OPERATIONS.flatMap(({ id, answers }) =>
      Object.entries(answers).flatMap(([status, { content = {} }]) => {
        const schema =
          document.paths[pathOf(id)]?.[methodOf(id)]?.responses[status]?.content?.['application/json']?.schema;
        const checked = content['application/json'];
        return schema && checked
          ? [
              {
                id,
                wrong: checked
                  .safeParse(exampleOf(schema, document))
                  .error?.issues.map((issue) => issue.path.join('.')),
              },
            ]
          : [];
      }),
    );
    expect(examples.length).toBeGreaterThan(15);
    expect(examples.filter(({ wrong }) => wrong !== undefined)).toEqual([]);
  });

  it('the address /v1 redirects people to the page, and it and / tell programs where the document is', async () => {
    const browser = await fetch(`${base}/v1`, { headers: { accept: 'text/html' }, redirect: 'manual' });
    expect([browser.status, browser.headers.get('location')]).toEqual([302, '/docs']);
    for (const path of ['/', '/v1']) {
      const program = await ask('GET', path);
      expect(program.body).toMatchObject({
        name: 'Backstep',
        version: document.info.version,
        links: { docs: '/docs' },
      });
    }
    expect((await fetch(`${base}/docs/`)).status).toBe(200);
  });
});

const declared = (id: string) => OPERATIONS.find((one) => one.id === id);
const pathOf = (id: string): string => declared(id)?.path ?? '';
const methodOf = (id: string): string => declared(id)?.method.toLowerCase() ?? '';
