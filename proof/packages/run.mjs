import { spawn } from 'node:child_process';

/** Runs a program; its output is shown only when it fails. @throws Error with what it said */
export function run(command, args, { cwd, env = process.env } = {}) {
  return new Promise((resolve, reject) => {
    const child = spawn(command, args, { cwd, env, stdio: ['ignore', 'pipe', 'pipe'] });
    const output = [];
    child.stdout.on('data', (chunk) => output.push(chunk));
    child.stderr.on('data', (chunk) => output.push(chunk));
    child.once('error', reject);
    child.once('close', (code) => {
      const text = Buffer.concat(output).toString();
      if (code === 0) resolve(text);
      else reject(new Error(`${text}\n${command} ${args.join(' ')} failed with exit code ${code}.`));
    });
  });
}

/** Does `work`, and says what was done and how long it took. */
export async function step(name, work) {
  const began = Date.now();
  const result = await work();
  console.log(`  ✓ ${name}: ${((Date.now() - began) / 1_000).toFixed(1)} s`);
  return result;
}
