import { describe, expect, it } from '@jest/globals';
import { command, newId, type Message } from '@backstep/messages';
import { aMessage } from '@backstep/messages/testing';
import { emit, Handlers, Handles, insert, reply, update, type OutgoingMessage } from './index.js';
import { toMessage } from './changes.js';
import {
  Release,
  ReturnIngredients,
  Reserve,
  TakeIngredients,
  Stock,
  IngredientsReturned,
} from './tiny-kitchen.fixture.spec.js';

/** Goal: each message has one handler, found by name and told at start-up when not; and what a handler says becomes a whole message. */
describe('handlers', () => {
  it('are found by the message they handle', () => {
    const [one, other] = [new Reserve(), new Release()];
    const handlers = new Handlers([one, other]);
    expect(handlers.find(TakeIngredients.name, 1)).toEqual({ definition: TakeIngredients, handler: one });
    expect(handlers.find(ReturnIngredients.name, 1)).toEqual({ definition: ReturnIngredients, handler: other });
    expect(handlers.find(IngredientsReturned.name, 1)).toBeUndefined();
  });

  it('are found by its version too: one class may take several, or each have its own', () => {
    const second = command('kitchen', 'TakeIngredients', {
      version: 2,
      key: 'cakeId',
      summary: '',
      data: TakeIngredients.schema,
    });
    @Handles(TakeIngredients, second)
    class Both extends Release {}
    const both = new Handlers([new Both()]);
    expect([both.find('TakeIngredients', 1)?.definition, both.find('TakeIngredients', 2)?.definition]).toEqual([
      TakeIngredients,
      second,
    ]);
    expect([both.find('TakeIngredients', 3), both.versionsOf('TakeIngredients')]).toEqual([undefined, [1, 2]]);

    @Handles(second)
    class Second extends Release {}
    const each = new Handlers([new Reserve(), new Second()]);
    expect([1, 2].map((version) => each.find('TakeIngredients', version)?.handler.constructor)).toEqual([
      Reserve,
      Second,
    ]);
  });

  it('of one message may not be two', () => {
    @Handles(TakeIngredients, ReturnIngredients)
    class Both extends Release {}
    expect(() => new Handlers([new Both(), new Release()])).toThrow(
      'ReturnIngredients version 1 of kitchen.commands has two handlers',
    );
  });

  it('must say what they handle', () => {
    class Mute extends Release {}
    expect(() => new Handlers([new Mute()])).toThrow('Mute lacks @Handles(Message)');
  });
});

describe('what a handler says', () => {
  const data = { cakeId: newId(), items: [] };
  const told = (outgoing: OutgoingMessage, version?: number): Message => toMessage(outgoing, 'kitchen', version);

  it('in reply carries the command it answers, its saga, its trace and its cause', () => {
    const command = aMessage(
      ReturnIngredients,
      { ...data, items: [{ ingredient: 'flour', amount: 1 }] },
      { traceparent: 'tp' },
    );
    const { sagaId, commandId } = command;
    expect(told(reply(command, IngredientsReturned, data), 3)).toMatchObject({
      type: 'IngredientsReturned',
      source: 'kitchen',
      subject: data.cakeId,
      sagaId,
      commandId,
      causationId: command.id,
      traceparent: 'tp',
      aggregateVersion: 3,
      data,
    });
  });

  it('unasked has an id of its own each time, and answers nobody', () => {
    const [one, other] = [told(emit(IngredientsReturned, data)), told(emit(IngredientsReturned, data))];
    expect(one.id).not.toBe(other.id);
    expect(one).toMatchObject({
      commandId: undefined,
      sagaId: undefined,
      causationId: undefined,
      aggregateVersion: undefined,
    });
  });

  it('about a row leaves the row as it was read', () => {
    const stock = Object.freeze({ ingredient: 'flour', left: 3, version: 2 });
    expect(update(Stock, stock, { left: 2 }).row).toEqual({ ingredient: 'flour', left: 2, version: 2 });
    expect(stock.left).toBe(3);
    expect(insert(Stock, { ingredient: 'sugar', left: 1 }).row.version).toBe(0);
  });
});
