import { describe, expect, it } from '@jest/globals';
import { ROOT, type RunningEnvironment } from '@backstep/infrastructure';
import { spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { chaptersOf, firstUnseen } from './tutorial-page.fixture.spec.js';

/**
 * Goal: every command that a newcomer copies works. Method: the `sh` blocks of a page are run as they stand, in order, in one shell,
 * against a running system; only the addresses are this system's own. Blocks marked `sh up`, `sh test` and the like say why they are not.
 */
const PAGES = [
  { page: 'README.md', atLeast: 8 },
  { page: 'docs/operations.md', atLeast: 3 },
  { page: 'docs/move-money.md', atLeast: 5 },
  { page: 'docs/revise-orders.md', atLeast: 5 },
  { page: 'docs/cancel-an-order.md', atLeast: 3 },
];
/** The pages speak of the default ports. */
const DEFAULT_GATEWAY = '127.0.0.1:3000';
const DEFAULT_ORDER = '127.0.0.1:3001';

/** What npm runs, it finds in two CPU-seconds each time: it does so once in each script, and the others go where it went. */
const NPX = 'npx backstep --version; npx() { node_modules/.bin/"$@"; }';

const blocksOf = (page: string): string[] =>
  [...readFileSync(join(ROOT, page), 'utf8').matchAll(/^```sh\n([\s\S]*?)^```$/gm)].map(([, block = '']) => block);

const address = (url: string | undefined): string => new URL(String(url)).host;

function runAll(dir: string, { gateway, services }: RunningEnvironment, blocks: readonly string[]) {
  const script = ['set -euo pipefail', NPX, ...blocks.map((block) => `cat <<'SHOWN'\n${block}SHOWN\n${block}`)]
    .join('\n')
    .replaceAll(DEFAULT_ORDER, address(services['order']))
    .replaceAll(DEFAULT_GATEWAY, address(gateway));
  return new Promise<{ code: number | null; output: string }>((resolve, reject) => {
    const shell = spawn('bash', ['-c', script], {
      cwd: ROOT,
      env: { ...process.env, BACKSTEP_DIR: dir, NODE_OPTIONS: '' },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    let output = '';
    for (const stream of [shell.stdout, shell.stderr])
      stream.on('data', (chunk: Buffer) => (output += chunk.toString()));
    shell.once('error', reject);
    shell.once('close', (code) => resolve({ code, output }));
  });
}

export function whatTheDocumentsSay(dir: () => string, running: () => Promise<RunningEnvironment>): void {
  describe.each(PAGES)('the commands of $page', ({ page, atLeast }) => {
    it('the commands of the page all run', async () => {
      const blocks = blocksOf(page);
      expect(blocks.length).toBeGreaterThanOrEqual(atLeast);
      const { code, output } = await runAll(dir(), await running(), blocks);
      expect({ code, output }).toMatchObject({ code: 0 });
    }, 240_000);
  });

  // The other chapters are followed in a copy of the clone: when-the-tutorial-is-followed.e2e.spec.ts
  it('the first chapter of the tutorial does what it shows', async () => {
    const [first] = chaptersOf(readFileSync(join(ROOT, 'docs/tutorial.md'), 'utf8'));
    const blocks = first?.parts.flatMap((part) => (part.kind === 'run' ? [part] : [])) ?? [];
    expect(blocks).toHaveLength(2);
    const commands = blocks.map((block) => block.commands);
    const { code, output } = await runAll(dir(), await running(), commands);
    expect({ code, output }).toMatchObject({ code: 0 });
    expect(firstUnseen(blocks.map(({ seen }) => seen).join(''), output)).toBeUndefined();
  }, 60_000);
}
