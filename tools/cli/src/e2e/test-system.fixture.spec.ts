import { TOPICS } from '@backstep/contracts';
import { startSystem, type System, type SystemOptions } from '@backstep/infrastructure';
import { createTopics } from '@backstep/kafka';
import { spawn } from 'node:child_process';
import { mkdtempSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { seedProducts } from '../demo/products.js';
import { Api } from '../shared/api.js';

/** What `npx backstep` runs. */
export const BIN = fileURLToPath(new URL('../../bin/backstep.mjs', import.meta.url));

export interface CommandResult {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

export interface TestSystem extends System {
  readonly dir: string;
  /** A request to the gateway, whatever it answers. */
  api(method: string, path: string, options?: { body?: unknown; headers?: Record<string, string> }): Promise<Answer>;
  /** `npx backstep …` against this system. */
  backstep(...args: string[]): Promise<CommandResult>;
  /** The same, with further settings in its environment. */
  backstepWith(settings: NodeJS.ProcessEnv, ...args: string[]): Promise<CommandResult>;
}

export interface Answer {
  readonly status: number;
  readonly headers: Headers;
  readonly body: Record<string, unknown>;
}

/** Everything, on ports and in a folder of its own, with the products of `npm start`. */
export async function startTestSystem(options: Partial<SystemOptions> = {}): Promise<TestSystem> {
  const dir = mkdtempSync(join(tmpdir(), 'backstep-e2e-'));
  const system = await startSystem({
    dir,
    ports: 'free',
    topics: TOPICS.map(({ name }) => name),
    createTopics: (brokers) => createTopics(brokers, TOPICS),
    ...options,
  });
  await seedProducts(new Api(system.gatewayUrl));
  const environment = { ...process.env, BACKSTEP_DIR: dir, NODE_OPTIONS: '' };
  return {
    ...system,
    dir,
    api: (method, path, { body, headers = {} } = {}) => request(`${system.gatewayUrl}${path}`, method, headers, body),
    backstep: (...args) => run([BIN, ...args], environment),
    backstepWith: (settings, ...args) => run([BIN, ...args], { ...environment, ...settings }),
    stop: async () => {
      await system.stop();
      await rm(dir, { recursive: true, force: true });
    },
  };
}

async function request(url: string, method: string, headers: Record<string, string>, body: unknown): Promise<Answer> {
  const response = await fetch(url, {
    method,
    headers: body === undefined ? headers : { 'content-type': 'application/json', ...headers },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
  const text = await response.text();
  return { status: response.status, headers: response.headers, body: text ? (JSON.parse(text) as Answer['body']) : {} };
}

function run(args: string[], env: NodeJS.ProcessEnv): Promise<CommandResult> {
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, args, { env, stdio: ['ignore', 'pipe', 'pipe'] });
    let stdout = '';
    let stderr = '';
    child.stdout.on('data', (chunk: Buffer) => (stdout += chunk.toString()));
    child.stderr.on('data', (chunk: Buffer) => (stderr += chunk.toString()));
    child.once('error', reject);
    child.once('close', (code) => resolve({ code, stdout, stderr }));
  });
}
