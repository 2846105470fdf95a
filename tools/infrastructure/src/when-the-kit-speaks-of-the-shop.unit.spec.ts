import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { script, writeFiles } from './script.fixture.spec.js';

/** Goal: each line of the kit with a word of the shop is named, with what to do; the same word in another sense is accepted. */
let clone: string;
beforeEach(() => void (clone = mkdtempSync(join(tmpdir(), 'backstep-words-'))));
afterEach(() => rmSync(clone, { recursive: true, force: true }));

async function said(files: Readonly<Record<string, unknown>>): Promise<string[]> {
  writeFiles(clone, { 'libs/bread/package.json': { description: 'Bread.' }, 'libs/bread/src/index.ts': '', ...files });
  const { code, stderr } = await script('kit-words.mjs', clone);
  const lines = stderr.split('\n').filter(Boolean);
  expect(code).toBe(lines.length > 0 ? 1 : 0);
  return lines;
}

const SHOP = [
  ['order', 'const { orderId } = data;'],
  ['order', 'on(OrderPlaced)'],
  ['order', 'send: ConfirmOrder,'],
  ['order', "event('order', 'Baked')"],
  ['order', "select('order_id')"],
  ['order', '/** What it is about: an order. */'],
  ['order', "ask('/v1/orders/42')"],
  ['sku', 'items.map(({ sku }) => sku)'],
  ['price', 'unitPrice: 100'],
  ['customer', '// Customers wait.'],
  ['stock', 'done: StockReserved,'],
  ['stock', 'reserve_stock'],
  ['payment', "step('charge-payment')"],
  ['shipment', 'SHIPMENT_URL'],
  ['card', 'it loves cards'],
] as const;

const KIT = [
  '/** The rows in the order in which they were written. */',
  'SELECT key FROM rows ORDER BY seq',
  'const ordered = inOrder(rows);',
  'await toldInOrder(rows);',
  "const wildcard = discard('a card number');",
  '// A byte order mark is refused.',
  'const cakeId = newId();',
];

describe('a line of the kit', () => {
  it('a line of the kit with a word of the shop is named, with the word and what to do', async () => {
    const lines = await said({ 'libs/bread/src/index.ts': SHOP.map(([, line]) => line).join('\n') });
    expect(lines).toEqual(
      SHOP.map(([word], index) =>
        expect.stringMatching(
          `^libs/bread/src/index.ts:${index + 1} says "${word}", a word of the shop: say "subject"`,
        ),
      ),
    );
  });

  it.each(KIT)('a line with the word in another sense is accepted: %s', async (line) => {
    expect(await said({ 'libs/bread/src/index.ts': line })).toEqual([]);
  });

  it('a line of libs/redaction may say card', async () => {
    const files = { 'libs/redaction/package.json': {}, 'libs/redaction/src/index.ts': 'const card = 1;' };
    expect(await said(files)).toEqual([]);
  });
});

it('a word of the shop is found in specs and in the description of a package too', async () => {
  const files = {
    'libs/bread/package.json': { description: 'Bread for orders.' },
    'libs/bread/src/crust.int.spec.ts': 'const sku = 1;',
  };
  expect(await said(files)).toEqual([
    expect.stringMatching('^libs/bread/package.json:description says "order"'),
    expect.stringMatching('^libs/bread/src/crust.int.spec.ts:1 says "sku"'),
  ]);
});
