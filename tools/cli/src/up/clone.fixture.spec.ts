import { cpSync, existsSync, mkdirSync, mkdtempSync, readdirSync, readlinkSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { ROOT } from '@backstep/infrastructure';

const ROOMS = ['apps', 'libs', 'proof', 'tools'];
const FILES = ['package.json', 'tsconfig.base.json'];
const OURS = '@backstep';

/**
 * A copy of this clone as it is built, whose sources a spec may change: its packages find each other in the copy, and everything else
 * where it is installed. @returns its folder, and what removes it
 */
export function copyOfClone(): { readonly dir: string; remove(): void } {
  const dir = mkdtempSync(join(tmpdir(), 'backstep-clone-'));
  for (const name of [...ROOMS, ...FILES]) {
    // With its times: the build then finds it as it left it.
    const filter = (path: string): boolean => basename(path) !== 'node_modules';
    cpSync(join(ROOT, name), join(dir, name), { recursive: true, preserveTimestamps: true, filter });
  }
  linkPackages(dir);
  return { dir, remove: () => rmSync(dir, { recursive: true, force: true }) };
}

function linkPackages(dir: string): void {
  const [from, to] = [join(ROOT, 'node_modules'), join(dir, 'node_modules')];
  mkdirSync(join(to, OURS), { recursive: true });
  for (const name of readdirSync(from)) if (name !== OURS) symlinkSync(join(from, name), join(to, name));
  // Relative, as npm makes them: the same text leads into the copy.
  for (const name of readdirSync(join(from, OURS))) {
    symlinkSync(readlinkSync(join(from, OURS, name)), join(to, OURS, name));
  }
  for (const folder of ROOMS.flatMap((room) => readdirSync(join(ROOT, room)).map((name) => join(room, name)))) {
    const own = join(ROOT, folder, 'node_modules');
    if (existsSync(own)) symlinkSync(own, join(dir, folder, 'node_modules'));
  }
}
