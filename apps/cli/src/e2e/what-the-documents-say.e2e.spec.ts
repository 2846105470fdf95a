import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { RESTART, ROOT } from '@backstep/infrastructure';
import { waitUntil } from '@backstep/testing';
import { spawn } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { SAMPLES } from '../demo/samples.js';
import { startTestSystem, type TestSystem } from './test-system.spec.js';

/**
 * Goal: every command that a newcomer copies works. Method: the `sh` blocks of a page are run as they stand, in order, in one shell,
 * against a running system; only the addresses are this system's own. Blocks marked `sh up`, `sh test` and the like say why they are not.
 */
const PAGES = [
  { page: 'README.md', atLeast: 8 },
  { page: 'docs/operations.md', atLeast: 3 },
];
/** The pages speak of the default ports. */
const DEFAULT_GATEWAY = '127.0.0.1:3000';
const DEFAULT_ORDER = '127.0.0.1:3001';

let system: TestSystem;

beforeAll(async () => {
  system = await startTestSystem({ restart: RESTART });
  await waitUntil('orders are accepted', async () => {
    const options = { body: SAMPLES[0]?.order, headers: { 'idempotency-key': randomUUID() } };
    return (await system.api('POST', '/v1/orders', options)).status === 202;
  });
}, 180_000);

afterAll(() => system?.stop(), 30_000);

const blocksOf = (page: string): string[] =>
  [...readFileSync(join(ROOT, page), 'utf8').matchAll(/^```sh\n([\s\S]*?)^```$/gm)].map(([, block = '']) => block);

const address = (url: string | undefined): string => new URL(String(url)).host;

function runAll(blocks: readonly string[]): Promise<{ code: number | null; output: string }> {
  const { gateway, services } = system.environment();
  const script = ['set -euo pipefail', ...blocks.map((block) => `cat <<'SHOWN'\n${block}SHOWN\n${block}`)]
    .join('\n')
    .replaceAll(DEFAULT_ORDER, address(services['order']))
    .replaceAll(DEFAULT_GATEWAY, address(gateway));
  return new Promise((resolve, reject) => {
    const shell = spawn('bash', ['-c', script], {
      cwd: ROOT,
      env: { ...process.env, BACKSTEP_DIR: system.dir, NODE_OPTIONS: '' },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    let output = '';
    for (const stream of [shell.stdout, shell.stderr])
      stream.on('data', (chunk: Buffer) => (output += chunk.toString()));
    shell.once('error', reject);
    shell.once('close', (code) => resolve({ code, output }));
  });
}

describe.each(PAGES)('the commands of $page', ({ page, atLeast }) => {
  it('all run', async () => {
    const blocks = blocksOf(page);
    expect(blocks.length).toBeGreaterThanOrEqual(atLeast);
    const { code, output } = await runAll(blocks);
    expect({ code, output }).toMatchObject({ code: 0 });
  }, 240_000);
});
