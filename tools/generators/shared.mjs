import { execFileSync } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import prettier from 'prettier';

const NAME = /^[a-z][a-z0-9]*(-[a-z][a-z0-9]*)*$/;

/** The forms of a name that templates have: `__name__` gift-card, `__Name__` GiftCard, `__camel__` giftCard, `__snake__` gift_card, `__words__`. */
export function formsOf(name) {
  if (!NAME.test(name)) {
    throw new Error(
      `The name must be small letters, digits and dashes, such as gift-card, not ${JSON.stringify(name)}.`,
    );
  }
  const words = name.split('-');
  const pascal = words.map((word) => word[0].toUpperCase() + word.slice(1)).join('');
  return {
    name,
    Name: pascal,
    camel: pascal[0].toLowerCase() + pascal.slice(1),
    snake: words.join('_'),
    SNAKE: words.join('_').toUpperCase(),
    words: words.join(' '),
  };
}

export const filled = (text, forms) =>
  Object.entries(forms).reduce((done, [form, value]) => done.replaceAll(`__${form}__`, value), text);

/** Writes every `*.template` below `from` to the same place below `to`, names and contents filled in. */
export async function writeTemplates(tree, from, to, forms) {
  const paths = readdirSync(from, { recursive: true, encoding: 'utf8' }).filter((path) => path.endsWith('.template'));
  for (const path of paths) {
    const target = filled(join(to, path.replace(/\.template$/, '')), forms);
    await write(tree, target, filled(readFileSync(join(from, path), 'utf8'), forms));
  }
}

/** Formatted as `prettier --write` would. */
export async function write(tree, path, text) {
  const file = join(tree.root, path);
  const options = await prettier.resolveConfig(file);
  tree.write(path, await prettier.format(text, { ...options, filepath: file }));
}

/** @throws Error that says what is not there */
export function textOf(tree, path, what) {
  if (!tree.exists(path)) throw new Error(`There is no ${what}: ${path} is missing.`);
  return tree.read(path, 'utf8');
}

/** Replaces once. @throws Error when the text is not there, as somebody wrote the file anew */
export function replaced(text, path, from, to) {
  if (!text.includes(from)) throw new Error(`${path} no longer has ${JSON.stringify(from)}: add by hand ${to.trim()}`);
  return text.replace(from, () => to);
}

export const messagesOf = (tree) =>
  tree
    .children('apps/contracts/src/messages')
    .filter((file) => file !== 'index.ts' && !file.endsWith('.spec.ts'))
    .flatMap((file) => {
      const text = tree.read(`apps/contracts/src/messages/${file}`, 'utf8');
      return [...text.matchAll(/^export const (\w+) = (command|event)\(/gm)].map(([, name, kind]) => ({
        name,
        kind,
        file,
      }));
    });

/** What runs after Nx has written the files: what follows from them, and what to do next. */
export function afterwards(tree, next) {
  const run = (...args) => execFileSync(process.execPath, args, { cwd: tree.root, stdio: 'inherit' });
  const written = tree.listChanges().map(({ path }) => path);
  return () => {
    run('tools/services.mjs');
    run('tools/packages.mjs');
    run('tools/generators/lock-packages.mjs');
    run('node_modules/prettier/bin/prettier.cjs', '--write', '--log-level=warn', ...written);
    console.log(`\nNext:\n${next.map((line) => `  ${line}\n`).join('')}`);
  };
}
