import { connect } from 'node:net';
import { join } from 'node:path';
import { freePort, HOST, ROOT, startBound, urlOf, type BoundProcess } from '@backstep/infrastructure';

const READY_WITHIN_MS = 60_000;
const ANSWER_WITHIN_MS = 2_000;

export interface Served extends BoundProcess {
  readonly url: string;
}

/** What every program needs, and nothing of ours beside: settings of this process may mean something else to it. */
export const bareEnvironment = (): NodeJS.ProcessEnv => {
  const { PATH, HOME, TMPDIR } = process.env;
  return { PATH, HOME, TMPDIR, NODE_ENV: 'production' };
};

/**
 * Starts a compiled file of this folder, also when this one runs under Jest: it is plain Node.
 * @param file as in `dbos/app.js`
 * @param health what answers 200 when it is ready; undefined: when it accepts connections
 */
export async function startProgram(
  file: string,
  environment: Readonly<Record<string, string>>,
  health?: string,
): Promise<Served> {
  return startNode(join(ROOT, 'proof', 'bench', 'dist', 'peers', file), environment, health);
}

/** The stand-in that Backstep pays at; with nobody to send webhooks to. Its journal goes when it ends. */
export const startProvider = (): Promise<Served> =>
  startNode(
    join(ROOT, 'apps', 'payment-provider', 'dist', 'main.js'),
    { SERVICE_NAME: 'payment-provider', HOST, METRICS_PORT: '0', PROVIDER_DATA_FILE: 'ledger.jsonl' },
    '/health/ready',
  );

async function startNode(
  path: string,
  environment: Readonly<Record<string, string>>,
  health: string | undefined,
): Promise<Served> {
  const port = await freePort();
  const url = urlOf(port);
  const bound = await startBound({
    name: path.split('/').slice(-2).join('-').replace('.js', ''),
    command: process.execPath,
    args: () => [path],
    env: { ...bareEnvironment(), ...environment, PORT: String(port) },
    ready: () => (health === undefined ? accepts(port) : answers(`${url}${health}`)),
    readyWithinMs: READY_WITHIN_MS,
  });
  return { ...bound, url };
}

export async function answers(url: string): Promise<boolean> {
  try {
    const response = await fetch(url, { signal: AbortSignal.timeout(ANSWER_WITHIN_MS) });
    await response.arrayBuffer();
    return response.ok;
  } catch {
    return false;
  }
}

function accepts(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect({ port, host: HOST });
    const end = (is: boolean): void => {
      socket.destroy();
      resolve(is);
    };
    socket.once('connect', () => end(true));
    socket.once('error', () => end(false));
  });
}
