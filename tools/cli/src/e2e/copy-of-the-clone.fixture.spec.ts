import { ROOT, freePort } from '@backstep/infrastructure';
import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { cpSync, existsSync, mkdirSync, mkdtempSync, readdirSync, readlinkSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';

const LEFT_BEHIND = /^(\.git|\.nx|\.backstep.*|\.venv|node_modules)$/;

/**
 * How a page's commands are run: npm and npx find in seconds of CPU each time what is known here. In place of `npm run build`, one compiler
 * builds what a new service and a new saga change, and the two that name all services.
 */
const SHORTCUTS = `
BUILT=(apps/loyalty apps/orchestrator apps/gateway tools/infrastructure)
npx() {
  local program=$1; shift
  case $program in
    backstep) node tools/cli/bin/backstep.mjs "$@" ;;
    nx) node node_modules/nx/dist/bin/nx.js "$@" ;;
    *) echo "npx $program?" >&2; return 1 ;;
  esac
}
npm() {
  case "$1 $2" in
    'run build') node node_modules/typescript/bin/tsc -b "\${BUILT[@]}" ;;
    'run unit') shift 3; node tools/unit.mjs "$@" ;;
    *) echo "npm $*?" >&2; return 1 ;;
  esac
}
`;

export interface Ended {
  readonly code: number | null;
  readonly output: string;
}

/** A copy of this clone, built as far as this one is, in which a spec writes. Its system is its own. */
export class CopyOfTheClone {
  readonly folder = mkdtempSync(join(tmpdir(), 'backstep-copy-'));
  private env: NodeJS.ProcessEnv;
  private starter: ChildProcess | undefined;

  constructor() {
    // What is built is copied with its times, so that only what changes is built again.
    cpSync(ROOT, this.folder, {
      recursive: true,
      preserveTimestamps: true,
      filter: (path) => path === ROOT || !LEFT_BEHIND.test(basename(path)),
    });
    this.linkPackages('.');
    const folders = ['apps', 'libs', 'proof', 'tools'].flatMap((room) =>
      readdirSync(join(ROOT, room)).map((name) => join(room, name)),
    );
    for (const folder of folders) if (existsSync(join(ROOT, folder, 'node_modules'))) this.linkPackages(folder);
    this.env = { ...process.env, NODE_OPTIONS: '', NX_DAEMON: 'false', BACKSTEP_DIR: join(this.folder, '.backstep') };
    delete this.env['JEST_WORKER_ID'];
    for (const name of ['DATABASE_URL', 'KAFKA_BROKERS']) this.env[name] = '';
  }

  /** Runs commands of a page, as its reader would, up to the first that fails. */
  run(commands: string): Promise<Ended> {
    return this.spawn('bash', ['-c', `set -euo pipefail\n${SHORTCUTS}\n${commands}`]);
  }

  /** Does what `npm start` does once all is built, without the sample orders. Stops what runs. */
  async start(): Promise<void> {
    await this.stop();
    this.env = { ...this.env, ...(await this.portSettings()) };
    const args = [join(this.folder, 'tools/cli/bin/backstep.mjs'), 'up', '--json', '--no-samples'];
    const child = (this.starter = spawn(process.execPath, args, {
      cwd: this.folder,
      env: this.env,
      stdio: ['ignore', 'pipe', 'pipe'],
    }));
    let progress = '';
    child.stderr.on('data', (chunk: Buffer) => (progress += chunk.toString()));
    await new Promise<void>((resolve, reject) => {
      let json = '';
      child.once('exit', (code) => reject(new Error(`it ended with exit code ${code}:\n${progress}`)));
      child.stdout.on('data', (chunk: Buffer) => {
        json += chunk.toString();
        if (json.endsWith('}\n')) resolve();
      });
    });
  }

  /** As Ctrl-C would. */
  async stop(): Promise<void> {
    const { starter } = this;
    if (!starter || starter.exitCode !== null) return;
    const ended = once(starter, 'exit');
    starter.kill('SIGINT');
    await ended;
  }

  async remove(): Promise<void> {
    await this.stop();
    rmSync(this.folder, { recursive: true, force: true });
  }

  private async spawn(command: string, args: readonly string[]): Promise<Ended> {
    const child = spawn(command, args, { cwd: this.folder, env: this.env, stdio: ['ignore', 'pipe', 'pipe'] });
    let output = '';
    for (const stream of [child.stdout, child.stderr])
      stream.on('data', (chunk: Buffer) => (output += chunk.toString()));
    const [code] = (await once(child, 'close')) as [number | null];
    return { code, output };
  }

  /** Packages of others are those of this clone; packages of ours are those of the copy. */
  private linkPackages(folder: string): void {
    const from = join(ROOT, folder, 'node_modules');
    const to = join(this.folder, folder, 'node_modules');
    mkdirSync(to, { recursive: true });
    for (const name of readdirSync(from).filter(
      (one) => !['.cache', '.package-lock.json', '@backstep'].includes(one),
    )) {
      symlinkSync(join(from, name), join(to, name));
    }
    if (folder !== '.') return;
    cpSync(join(from, '.package-lock.json'), join(to, '.package-lock.json'));
    mkdirSync(join(to, '@backstep'));
    for (const name of readdirSync(join(from, '@backstep'))) {
      symlinkSync(readlinkSync(join(from, '@backstep', name)), join(to, '@backstep', name));
    }
  }

  /** A free port for each process that a service.json of the copy declares, the generated one included, and for the stores. */
  private async portSettings(): Promise<Record<string, string>> {
    const declared = readdirSync(join(this.folder, 'apps')).filter((name) => name !== 'contracts');
    const names = [...declared, 'kafka', 'postgres'].map((name) => `${name.toUpperCase().replaceAll('-', '_')}_PORT`);
    return Object.fromEntries(await Promise.all(names.map(async (name) => [name, String(await freePort())] as const)));
  }
}
