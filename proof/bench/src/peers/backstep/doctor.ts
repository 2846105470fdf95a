import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { ROOT } from '@backstep/infrastructure';

const BIN = join(ROOT, 'tools', 'cli', 'bin', 'backstep.mjs');
/** How long the doctor waits for rest by itself: it is asked when there should be rest already. */
const SETTLE_S = 20;
/** A report of violations is short; one of everything may not be. */
const OUTPUT_MAX_BYTES = 64 * 1024 * 1024;

/** Runs `backstep doctor` on the system in `dir`. @returns what it says when it is not content; empty when it is */
export function askDoctor(dir: string): Promise<readonly string[]> {
  const env = { ...process.env, BACKSTEP_DIR: dir, NODE_OPTIONS: '' };
  return new Promise((resolve) => {
    const args = [BIN, 'doctor', '--settle', String(SETTLE_S)];
    execFile(process.execPath, args, { env, maxBuffer: OUTPUT_MAX_BYTES }, (error, stdout, stderr) =>
      resolve(error ? [`the doctor is not content:\n${stdout}${stderr}`] : []),
    );
  });
}
