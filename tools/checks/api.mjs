/**
 * `npm run check:api`: Schemathesis, all checks and all phases, against the gateway of a running system. It changes stock, places orders and
 * acts on sagas: not for a system that matters.
 *
 *   npm run check:api                                        20 examples an operation
 *   npm run check:api -- --max-examples 50 --seed 7          what Schemathesis takes
 */
import { spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { check, gateway, gatewayAnswers } from './gateway.mjs';

const VERSION = '4.32.5';
const MISSING =
  `Schemathesis is missing: python3 -m venv .venv && .venv/bin/pip install schemathesis==${VERSION}, ` +
  'then again with PATH=.venv/bin:$PATH in front.';
const CONFIG = fileURLToPath(new URL('schemathesis.toml', import.meta.url));

await check(async () => {
  const found = await run(['--version'], 'ignore').catch(() => undefined);
  if (found === undefined) throw new Error(MISSING);
  await gatewayAnswers();
  const { OPERATOR_TOKEN: token } = process.env;
  const operator = token ? ['--header', `Authorization: Bearer ${token}`] : [];
  const given = process.argv.slice(2);
  const examples = given.some((arg) => /^(-n|--max-examples)/.test(arg)) ? [] : ['--max-examples', '20'];
  const where = ['--config-file', CONFIG, 'run', `${gateway}/openapi.json`, '--checks', 'all'];
  return (await run([...where, ...operator, ...examples, ...given], 'inherit')) === 0;
});

/** @returns the exit code. Rejects when there is no such program. */
function run(args, stdio) {
  return new Promise((resolve, reject) => {
    const child = spawn('st', args, { stdio });
    child.once('error', reject);
    child.once('exit', (code) => resolve(code ?? 1));
  });
}
