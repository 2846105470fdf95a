/** `docker compose` for one project: what was said is kept, and shown when it fails. */
import { spawn } from 'node:child_process';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

export const root = dirname(dirname(dirname(fileURLToPath(import.meta.url))));

/** A project with volumes and ports of its own, so that what a person runs from this clone is left alone. */
export async function project(name, files, settings = {}) {
  // Built by then: see the bootstrap in smoke.mjs.
  const { freePort } = await import('../infrastructure/dist/index.js');
  const ports = [
    'GATEWAY_PORT',
    'PAYMENT_PROVIDER_PORT',
    'KAFKA_PORT',
    'KAFKA_2_PORT',
    'KAFKA_3_PORT',
    'POSTGRES_PORT',
  ];
  const free = await Promise.all(ports.map(async (port) => [port, String(await freePort())]));
  const env = {
    ...process.env,
    ...settings,
    ...Object.fromEntries(free),
    COMPOSE_PROJECT_NAME: name,
    COMPOSE_FILE: files.join(':'),
  };
  env.COMPOSE_PATH_SEPARATOR = ':';
  return {
    gateway: `http://127.0.0.1:${env.GATEWAY_PORT}`,
    /** @returns what it printed. @throws Error with the last lines of it. */
    compose: (...args) => run('docker', ['compose', ...args], env),
    docker: (...args) => run('docker', args, env),
    /** The command line on this machine, which finds the containers by their ports. */
    backstep: (...args) => run(process.execPath, [join(root, 'tools/cli/bin/backstep.mjs'), ...args], env),
  };
}

function run(command, args, env) {
  return new Promise((resolve, reject) => {
    const child = spawn(command, args, { cwd: root, env, stdio: ['ignore', 'pipe', 'pipe'] });
    const said = [];
    const out = [];
    child.stdout.on('data', (chunk) => (said.push(chunk), out.push(chunk)));
    child.stderr.on('data', (chunk) => said.push(chunk));
    child.once('error', reject);
    child.once('close', (code) => {
      if (code === 0) return resolve(Buffer.concat(out).toString().trim());
      const lines = Buffer.concat(said).toString().trimEnd().split('\n').slice(-40);
      reject(new Error(`${command} ${args.join(' ')} ended with exit code ${code}:\n${lines.join('\n')}`));
    });
  });
}
