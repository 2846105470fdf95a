/**
 * A service declares itself in `apps/<name>/service.json` (its fields: tools/services/declarations.mjs). This writes what follows from the
 * declarations: `apps/contracts/src/services.ts`, the list of message files beside it, what `apps/host` can run, and parts of the
 * containers' files.
 *
 *   node tools/services.mjs           writes them
 *   node tools/services.mjs --check   writes nothing; exit code 1 when a committed file is not what would be written
 *
 * It uses nothing but Node and prettier, and reads nothing that is built.
 */
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { declarations, root, topicsOf } from './services/declarations.mjs';
import { hostedSource, messagesSource, PARTS, servicesSource } from './services/written.mjs';

const CONTRACTS = 'apps/contracts/src';

/**
 * @returns the texts by path, as they should be
 * @throws Error that names what is wrong in a declaration, or the part that a file lacks
 */
export async function wanted(from = root) {
  const all = declarations(from);
  const read = (path) => readFileSync(join(from, path), 'utf8');
  const messages = readdirSync(join(from, CONTRACTS, 'messages'))
    .filter((name) => name.endsWith('.ts') && !name.endsWith('.spec.ts') && name !== 'index.ts')
    .sort();
  const parts = Object.entries(PARTS).map(([path, linesOf]) => [
    path,
    Object.entries(linesOf).reduce((text, [name, lines]) => withPart(text, name, lines(all), path), read(path)),
  ]);
  return Object.fromEntries([
    [`${CONTRACTS}/services.ts`, await formatted(servicesSource(all, topicsOf(all)))],
    [`${CONTRACTS}/messages/index.ts`, await formatted(messagesSource(messages))],
    ['apps/host/src/services.ts', await formatted(hostedSource(all))],
    ...parts,
  ]);
}

/** @returns the paths of files that are not as they should be; with `write`, after writing them */
export async function examine({ from = root, write = false } = {}) {
  const stale = Object.entries(await wanted(from)).filter(([path, text]) => textOf(join(from, path)) !== text);
  if (write) for (const [path, text] of stale) writeFileSync(join(from, path), text);
  return stale.map(([path]) => path);
}

// The lines between `# from apps/*/service.json: NAME` and `# end of NAME` (in SQL `--`) are those that follow from the declarations.
function withPart(text, name, lines, path) {
  const part = new RegExp(
    `^( *)(#|--) from apps/\\*/service\\.json: ${name}\\n(?:[^]*?\\n)??( *)\\2 end of ${name}\\n`,
    'm',
  );
  const [whole, indent, mark] = part.exec(text) ?? [];
  if (whole === undefined) {
    throw new Error(`${path}: put back the lines "# from apps/*/service.json: ${name}" and "# end of ${name}"`);
  }
  const written = [`${mark} from apps/*/service.json: ${name}`, ...lines, `${mark} end of ${name}`];
  return text.replace(part, () => written.map((line) => `${line && indent + line}\n`).join(''));
}

function textOf(path) {
  try {
    return readFileSync(path, 'utf8');
  } catch (error) {
    if (error.code === 'ENOENT') return undefined;
    throw error;
  }
}

async function formatted(text) {
  const prettier = await import('prettier');
  return prettier.format(text, { ...(await prettier.resolveConfig(join(root, 'index.ts'))), parser: 'typescript' });
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const { values } = parseArgs({ options: { check: { type: 'boolean' } } });
  try {
    const stale = await examine({ write: !values.check });
    for (const path of stale)
      console[values.check ? 'error' : 'log'](values.check ? `${path} is not up to date` : `wrote ${path}`);
    if (values.check && stale.length > 0) {
      console.error('Run `node tools/services.mjs` and commit what it writes.');
      process.exitCode = 1;
    }
  } catch (error) {
    console.error(error.message);
    process.exitCode = 1;
  }
}
