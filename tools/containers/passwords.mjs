/**
 * `node tools/containers/passwords.mjs` makes up the settings that compose.secure.yml has no default for, and adds them to `.env`, which
 * becomes its owner's alone. What is set there already stays as it is, unless everybody knows it. It prints names, and no password.
 */
import { randomBytes } from 'node:crypto';
import { appendFileSync, chmodSync, existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseEnv } from 'node:util';
import { root } from './compose.mjs';

const PASSWORD_BYTES = 24;

/** What the names of secrets end with that Stripe's begin with a word of its own for. */
const WEBHOOK_SECRET = /WEBHOOK_SECRET$/;

/** Each `${NAME:?…}` of a compose file, once. */
export const mustBeSet = (text) => [...new Set([...text.matchAll(/\$\{(\w+):\?/g)].map(([, name]) => name))];

/** The default of each `${NAME:-default}` of a compose file: everybody knows it. */
export const defaultsIn = (text) =>
  Object.fromEntries([...text.matchAll(/\$\{(\w+):-([^}]*)\}/g)].map(([, name, value]) => [name, value]));

const textOf = (file) => readFileSync(join(root, file), 'utf8');
const secret = (name) =>
  (WEBHOOK_SECRET.test(name) ? 'whsec_' : '') + randomBytes(PASSWORD_BYTES).toString('base64url');

/** Those of compose.secure.yml that `known` lacks, or has with the default of docker-compose.yml, made up: letters and digits, `-` and `_`. */
export function madeUp(known) {
  const everybodyKnows = defaultsIn(textOf('docker-compose.yml'));
  return Object.fromEntries(
    mustBeSet(textOf('compose.secure.yml'))
      .filter((name) => !known[name] || known[name] === everybodyKnows[name])
      .map((name) => [name, secret(name)]),
  );
}

/** Adds what is missing to the file. What is added comes last, and counts where a name is there twice. @returns the names */
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
