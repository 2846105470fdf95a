import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { ROOT } from '@backstep/infrastructure';

const BIN = join(ROOT, 'tools', 'cli', 'bin', 'backstep.mjs');
/** How long the doctor waits for rest by itself: it is asked when there should be rest already. */
const SETTLE_S = 20;
/** More of one kind says nothing new. */
const SHOWN_MAX = 10;

interface Report {
  readonly clean: boolean;
  readonly invariants: readonly {
    readonly id: string;
    readonly found: number;
    readonly violations: readonly { readonly what: string }[];
  }[];
  readonly inFlight: { readonly count: number };
}

/** Runs `backstep doctor` on the system in `dir`. @returns what it finds, a line each; empty when all is well. */
export async function askDoctor(dir: string): Promise<string[]> {
  const { code, stdout, stderr } = await run(['doctor', '--json', '--settle', String(SETTLE_S)], dir);
  if (code !== 0 && code !== 1) return [`the doctor could not look (exit code ${code}): ${stderr.trim()}`];
  const report = JSON.parse(stdout) as Report;
  const found = report.invariants.flatMap(({ id, found: count, violations }) => [
    ...violations.slice(0, SHOWN_MAX).map(({ what }) => `${id}: ${what}`),
    ...(count > SHOWN_MAX ? [`${id}: ${count - SHOWN_MAX} more`] : []),
  ]);
  if (report.inFlight.count > 0) found.push(`${report.inFlight.count} orders are still on their way`);
  if (!report.clean && found.length === 0) found.push('the doctor is not content and does not say why');
  return found;
}

function run(args: readonly string[], dir: string) {
  const env = { ...process.env, BACKSTEP_DIR: dir, NODE_OPTIONS: '' };
  return new Promise<{ code: number | null; stdout: string; stderr: string }>((resolve, reject) => {
    const child = spawn(process.execPath, [BIN, ...args], { env, stdio: ['ignore', 'pipe', 'pipe'] });
    const stdout: Buffer[] = [];
    const stderr: Buffer[] = [];
    child.stdout.on('data', (data: Buffer) => stdout.push(data));
    child.stderr.on('data', (data: Buffer) => stderr.push(data));
    child.once('error', reject);
    child.once('close', (code) =>
      resolve({ code, stdout: Buffer.concat(stdout).toString(), stderr: Buffer.concat(stderr).toString() }),
    );
  });
}
