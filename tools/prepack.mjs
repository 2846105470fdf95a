/**
 * Before `npm pack` or `npm publish` of a package of the kit, in its folder: builds it, and lays licence and changelog beside it, which are
 * the repository's.
 */
import { copyFileSync } from 'node:fs';
import { join } from 'node:path';
import { alone, root, unlessBuilt } from './bootstrap.mjs';

for (const file of ['LICENSE', 'CHANGELOG.md']) copyFileSync(join(root, file), join(process.cwd(), file));
await alone(() => unlessBuilt());
