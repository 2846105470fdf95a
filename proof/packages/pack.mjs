import { copyFileSync, mkdirSync, readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { root } from '../../tools/bootstrap.mjs';
import { packages } from '../../tools/packages.mjs';
import { run } from './run.mjs';

const BROUGHT = ['LICENSE', 'CHANGELOG.md'];
const WANTED = ['package.json', 'README.md', ...BROUGHT, 'dist/index.js', 'dist/index.d.ts'];

/**
 * Packs every package of the kit, which is built already. @returns the tarballs' paths
 * @throws Error when one lacks what a reader needs, or brings sources, specs or maps along
 */
export async function pack(folder) {
  mkdirSync(folder, { recursive: true });
  const kit = packages().filter((one) => one.folder.startsWith('libs/'));
  for (const one of kit) for (const file of BROUGHT) copyFileSync(join(root, file), join(root, one.folder, file));
  try {
    const workspaces = kit.map((one) => `--workspace=${one.folder}`);
    const args = ['pack', ...workspaces, '--ignore-scripts', '--json', `--pack-destination=${folder}`];
    const packed = JSON.parse(await run('npm', args, { cwd: root }));
    const wrong = Object.values(packed).flatMap(({ name, files }) =>
      wrongIn(
        name,
        files.map(({ path }) => path),
      ),
    );
    if (wrong.length > 0) throw new Error(wrong.join('\n'));
    // Nothing is sent: npm says what it would refuse.
    await run('npm', ['publish', ...workspaces, '--dry-run', '--ignore-scripts'], { cwd: root });
  } finally {
    for (const one of kit) for (const file of BROUGHT) rmSync(join(root, one.folder, file));
  }
  return readdirSync(folder).map((name) => join(folder, name));
}

function wrongIn(name, files) {
  const missing = WANTED.filter((file) => !files.includes(file));
  const surplus = files.filter((file) => /(\.spec\.|\.map$|\.tsbuildinfo$)|^src\//.test(file));
  return [
    ...missing.map((file) => `${name} is packed without ${file}`),
    ...surplus.map((file) => `${name} is packed with ${file}`),
  ];
}
