/**
 * `node tools/containers/passwords.mjs` makes up the settings that compose.secure.yml has no default for, and adds them to `.env`, which
 * becomes its owner's alone. What is set there already stays as it is. It prints names, and no password.
 */
import { randomBytes } from 'node:crypto';
import { appendFileSync, chmodSync, existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseEnv } from 'node:util';
import { root } from './compose.mjs';

const PASSWORD_BYTES = 24;

/** Each `${NAME:?…}` of a compose file, once. */
export const mustBeSet = (text) => [...new Set([...text.matchAll(/\$\{(\w+):\?/g)].map(([, name]) => name))];

/** Those of compose.secure.yml that `known` lacks, made up: letters and digits, `-` and `_`. */
export const madeUp = (known) =>
  Object.fromEntries(
    mustBeSet(readFileSync(join(root, 'compose.secure.yml'), 'utf8'))
      .filter((name) => !known[name])
      .map((name) => [name, randomBytes(PASSWORD_BYTES).toString('base64url')]),
  );

/** Adds what is missing to the file. @returns the names */
export function addTo(file) {
  const before = existsSync(file) ? readFileSync(file, 'utf8') : '';
  const added = Object.entries(madeUp(parseEnv(before)));
  if (added.length > 0) {
    const gap = before === '' || before.endsWith('\n') ? '' : '\n';
    appendFileSync(file, gap + added.map(([name, value]) => `${name}=${value}\n`).join(''), { mode: 0o600 });
    chmodSync(file, 0o600);
  }
  return added.map(([name]) => name);
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const added = addTo(join(root, '.env'));
  console.log(added.length > 0 ? `Added to .env: ${added.join(', ')}` : 'Nothing is missing from .env.');
}
