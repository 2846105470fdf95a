/**
 * Holds the kit to its promise: it knows no order, SKU, card or price. Looks through the sources, comments and specs of `libs/`, and the
 * descriptions of its packages, for words of the shop. `npm run lint` runs it.
 *
 *   node tools/kit-words.mjs          names each line that has one; exit code 1 when there is one
 *   node tools/kit-words.mjs FOLDER   in another clone, where nothing is left
 */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const KIT = 'libs';
/** Words of the shop, wherever they stand in a name: `stock` is in `StockReserved`, `reserve_stock` and `stocks`. */
const WORDS = ['sku', 'price', 'customer', 'shipment', 'payment', 'stock', 'card'];
/** "Order" is a word of the kit as well, in "the order of keys". These are the shop's: `orderId`, `OrderPlaced`, `PlaceOrder`, 'order', orders. */
const ORDER = [
  /\border id\b/i,
  /\bOrder [A-Z]/,
  /\b[A-Z][a-z]+ Order\b/,
  /['"`/]orders?\b['"`/.]/,
  /\borders\b/i,
  /\ban? (\w+ )?order\b/i,
];
/** What libs/redaction hides, by the names that it has for it; what others say of that; words of another sense. */
const ALLOWED = [
  { in: 'libs/redaction/', words: /\b(cards?|payment|customers?)\b/gi },
  { in: 'libs/service/src/logging/', words: /\b(cards?|payment methods?)\b/gi },
  { in: 'libs/', words: /\bcard numbers?\b|\bbyte order mark\b/gi },
];
/** Folders and files that still speak of the shop. Each is taken off when it no longer does; none is added. */
export const LEFT = ['libs/unit-of-work/'];

/** `aCamelCase_name` as words of its own; what is no name stays as it is. */
const inWords = (line) => line.replaceAll('_', ' ').replace(/([a-z0-9])([A-Z])/g, '$1 $2');

/** @returns the word of the shop that the line has, if it has one */
export function shopWordIn(path, line) {
  let text = inWords(line);
  for (const { in: folder, words } of ALLOWED) if (path.startsWith(folder)) text = text.replace(words, '');
  const word = WORDS.find((one) => new RegExp(`\\b${one}s?\\b`, 'i').test(text));
  return word ?? (ORDER.some((pattern) => pattern.test(text)) ? 'order' : undefined);
}

/** @returns what is wrong, a line each */
export function examine(root, left = LEFT) {
  const found = [...filesOf(root)].flatMap(({ path, lines }) =>
    lines.flatMap(({ number, text }) => {
      const word = shopWordIn(path, text);
      return word ? [{ path, number, word }] : [];
    }),
  );
  const isLeft = (path) => left.find((one) => path.startsWith(one));
  const having = new Set(found.map(({ path }) => isLeft(path)));
  return [
    ...found
      .filter(({ path }) => !isLeft(path))
      .map(
        ({ path, number, word }) =>
          `${path}:${number} says "${word}", a word of the shop: say "subject", take the example from another domain, or move the line to apps/.`,
      ),
    ...left
      .filter((one) => !having.has(one))
      .map((one) => `${one} has no word of the shop any more: take it off LEFT in tools/kit-words.mjs.`),
  ];
}

function* filesOf(root) {
  if (!existsSync(join(root, KIT))) return;
  for (const name of readdirSync(join(root, KIT))) {
    const folder = `${KIT}/${name}`;
    const manifest = `${folder}/package.json`;
    if (!existsSync(join(root, manifest))) continue;
    const { description = '' } = JSON.parse(readFileSync(join(root, manifest), 'utf8'));
    yield { path: manifest, lines: [{ number: 'description', text: description }] };
    for (const file of readdirSync(join(root, folder, 'src'), { recursive: true })) {
      if (!file.endsWith('.ts')) continue;
      const path = `${folder}/src/${file}`;
      const lines = readFileSync(join(root, path), 'utf8')
        .split('\n')
        .map((text, index) => ({ number: index + 1, text }));
      yield { path, lines };
    }
  }
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const [folder] = process.argv.slice(2);
  const wrong = folder ? examine(folder, []) : examine(fileURLToPath(new URL('..', import.meta.url)));
  for (const line of wrong) console.error(line);
  if (wrong.length > 0) process.exitCode = 1;
}
