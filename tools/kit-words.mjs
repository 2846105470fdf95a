/**
 * The kit knows no order, SKU, card or price: this script looks for words of the shop in the sources, comments and specs of `libs/`, and in
 * the descriptions of its packages. `npm run lint` runs it.
 *
 *   node tools/kit-words.mjs          names each line with such a word; exit code 1 when there is one
 *   node tools/kit-words.mjs FOLDER   the same in another clone
 */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const KIT = 'libs';
/** Words of the shop, as a part of any name: `stock` is in `StockReserved`, `reserve_stock` and `stocks`. */
const WORDS = ['sku', 'price', 'customer', 'shipment', 'payment', 'stock', 'card'];
/** The kit says "order" too, as in "the order of keys". These are the shop's: `orderId`, `OrderPlaced`, `PlaceOrder`, 'order', orders. */
const ORDER = [
  /\border id\b/i,
  /\bOrder [A-Z]/,
  /\b[A-Z][a-z]+ Order\b/,
  /['"`/]orders?\b['"`/.]/,
  /\borders\b/i,
  /\ban? (\w+ )?order\b/i,
];
/** The names of what libs/redaction hides, where code says what is hidden; and the same words in another sense. */
const ALLOWED = [
  { in: 'libs/redaction/', words: /\b(cards?|payment|customers?)\b/gi },
  { in: 'libs/service/src/logging/', words: /\b(cards?|payment methods?)\b/gi },
  { in: 'libs/', words: /\bcard numbers?\b|\bbyte order mark\b|\bin order\b/gi },
];
/** Splits `aCamelCase_name` into its words; other text stays as it is. */
const inWords = (line) => line.replaceAll('_', ' ').replace(/([a-z0-9])([A-Z])/g, '$1 $2');

/** @returns the first word of the shop in the line, or undefined */
export function shopWordIn(path, line) {
  let text = inWords(line);
  for (const { in: folder, words } of ALLOWED) if (path.startsWith(folder)) text = text.replace(words, '');
  const word = WORDS.find((one) => new RegExp(`\\b${one}s?\\b`, 'i').test(text));
  return word ?? (ORDER.some((pattern) => pattern.test(text)) ? 'order' : undefined);
}

const WHAT_TO_DO = 'say "subject", take the example from another domain, or move the line to apps/.';

/** @returns a sentence for each line that has a word of the shop */
export function examine(root) {
  return [...filesOf(root)].flatMap(({ path, lines }) =>
    lines.flatMap(({ number, text }) => {
      const word = shopWordIn(path, text);
      return word ? [`${path}:${number} says "${word}", a word of the shop: ${WHAT_TO_DO}`] : [];
    }),
  );
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
  const wrong = examine(folder ?? fileURLToPath(new URL('..', import.meta.url)));
  for (const line of wrong) console.error(line);
  if (wrong.length > 0) process.exitCode = 1;
}
