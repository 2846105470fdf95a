import { randomBytes } from 'node:crypto';
import { existsSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/** The password of a role of this folder, when it has one. Makes none. */
export function knownPassword(dir: string, name: string): string | undefined {
  const path = join(dir, 'secrets.json');
  return existsSync(path) ? (JSON.parse(readFileSync(path, 'utf8')) as Record<string, string>)[name] : undefined;
}

/**
 * Passwords of this folder's roles, made on first use and kept in `secrets.json`, which only its owner can read.
 * Hexadecimal, so that they stand in URLs and SQL as they are.
 */
export function passwordsOf(dir: string, names: readonly string[]): Readonly<Record<string, string>> {
  const path = join(dir, 'secrets.json');
  const known = existsSync(path) ? (JSON.parse(readFileSync(path, 'utf8')) as Record<string, string>) : {};
  const missing = names.filter((name) => known[name] === undefined);
  if (missing.length === 0) return known;
  const all = { ...known, ...Object.fromEntries(missing.map((name) => [name, randomBytes(16).toString('hex')])) };
  writeFileSync(`${path}.next`, JSON.stringify(all, null, 2), { mode: 0o600 });
  renameSync(`${path}.next`, path);
  return all;
}
