import { createRequire } from 'node:module';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { beforeEach, describe, expect, it } from '@jest/globals';
import { ROOT } from '../topology.js';

/**
 * Goal: generators refuse what cannot be, in a sentence, and give a name of several words its form in every place.
 * Method: Nx's own tree over this clone, of which nothing is written to the disk. (docs/tutorial.md is followed by a spec, where what they
 * write is built and run.)
 */
interface Tree {
  exists(path: string): boolean;
  read(path: string, encoding: 'utf8'): string;
  listChanges(): { readonly path: string; readonly content: Buffer | null }[];
}

const { FsTree } = createRequire(import.meta.url)(join(ROOT, 'node_modules/nx/dist/src/generators/tree.js')) as {
  FsTree: new (root: string, verbose: boolean) => Tree;
};

let tree: Tree;
beforeEach(() => {
  tree = new FsTree(ROOT, false);
});

async function generate(name: string, options: Readonly<Record<string, string>>): Promise<void> {
  const file = pathToFileURL(join(ROOT, 'tools/generators', name, `${name}.mjs`)).href;
  const { default: generator } = (await import(file)) as { default: (tree: Tree, options: object) => Promise<unknown> };
  // What it returns would run on the files, once Nx has written them.
  await generator(tree, options);
}

const written = (): string[] => tree.listChanges().map(({ path }) => path);

describe('a generator writes', () => {
  it('generators write a service of two words, with a saga, and a command with its answers', async () => {
    const ofGiftCard = { service: 'gift-card' };
    const answers = { done: 'GiftCardSpent', doneFields: 'pennies:integer', refused: 'GiftCardEmpty' };
    await generate('service', { name: 'gift-card' });
    await generate('saga', { name: 'reward-order', ...ofGiftCard });
    await generate('message', { name: 'SpendGiftCard', ...ofGiftCard, kind: 'command', ...answers });
    expect(written()).toEqual(
      expect.arrayContaining([
        'apps/gift-card/src/gift-card.module.ts',
        'apps/gift-card/src/migrations/0002-gift-card.ts',
        'apps/gift-card/src/record-gift-card/record-gift-card.handler.ts',
        'apps/orchestrator/src/reward-order/reward-order.saga.ts',
      ]),
    );
    const contents = tree.listChanges().map(({ path, content }) => `${path}\n${content?.toString() ?? ''}`);
    expect(contents.filter((text) => /__\w+__/.test(text))).toEqual([]);
    expect(tree.read('apps/gift-card/service.json', 'utf8')).toContain('"database": "backstep_gift_card"');
    expect(tree.read('apps/gift-card/src/gift-card/gift-card.entity.ts', 'utf8')).toContain("@Entity('gift_card')");
    expect(tree.read('apps/orchestrator/src/sagas.ts', 'utf8')).toMatch(
      /sagaRegistry\(\[placeOrder, .*rewardOrder\]\)/,
    );
    const messages = tree.read('apps/contracts/src/messages/gift-card.ts', 'utf8');
    for (const declared of ["command('gift-card', 'SpendGiftCard'", "event('gift-card', 'GiftCardSpent'"])
      expect(messages).toContain(declared);
    expect(messages).toMatch(/GiftCardEmpty'.*reason: z\.string/s);
    expect(tree.read('apps/contracts/src/derived/examples.ts', 'utf8')).toContain('pennies: 1,');
  });
});

describe('a generator refuses', () => {
  it.each([
    ['a service that is there', 'service', { name: 'payment' }, 'There is a service payment already: apps/payment.'],
    ['a name that is none', 'service', { name: 'Gift_Card' }, 'The name must be small letters, digits and dashes'],
    [
      'a saga of a service that is not there',
      'saga',
      { name: 'other', service: 'foo' },
      'There is no service foo: apps/foo/service.json is missing.',
    ],
    [
      'a saga of a message that is not there',
      'saga',
      { name: 'other', service: 'shipment', command: 'CreateShipment', done: 'Foo' },
      '--done: there is no message Foo',
    ],
    [
      'a message of a service that is not there',
      'message',
      { name: 'FooBarred', service: 'foo', kind: 'event' },
      'There is no service foo',
    ],
    [
      'a message that is there',
      'message',
      { name: 'OrderPlaced', service: 'order', kind: 'event' },
      'There is a message OrderPlaced already, in order.ts.',
    ],
    [
      'a field of no type',
      'message',
      { name: 'FooBarred', service: 'order', kind: 'event', fields: 'points:number' },
      '--fields: points:number must be a name and one of integer, text, boolean, id',
    ],
    [
      'answers to an event',
      'message',
      { name: 'FooBarred', service: 'order', kind: 'event', done: 'BarFooed' },
      '--done, --refused: only a command has answers.',
    ],
  ])('a generator writes nothing for %s', async (_, name, options, said) => {
    await expect(generate(name, options)).rejects.toThrow(said);
    expect(written()).toEqual([]);
  });
});
