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
  Supply,
  IngredientsReturned,
} from './tiny-kitchen.fixture.spec.js';

/** Goal: each message has one handler, found by name and version and checked at start-up; what a handler returns becomes a whole message. */
describe('handlers', () => {
  it('a handler is found by the name of its message', () => {
    const [one, other] = [new Reserve(), new Release()];
    const handlers = new Handlers([one, other]);
    expect(handlers.find(TakeIngredients.name, 1)).toEqual({ definition: TakeIngredients, handler: one });
    expect(handlers.find(ReturnIngredients.name, 1)).toEqual({ definition: ReturnIngredients, handler: other });
    expect(handlers.find(IngredientsReturned.name, 1)).toBeUndefined();
  });

  it('a handler is found by version: one class may handle several, or each version have a class of its own', () => {
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

  it('two handlers of one message are refused at start-up', () => {
    @Handles(TakeIngredients, ReturnIngredients)
    class Both extends Release {}
    expect(() => new Handlers([new Both(), new Release()])).toThrow(
      'ReturnIngredients version 1 of kitchen.commands has two handlers',
    );
  });

  it('a handler without @Handles is refused at start-up', () => {
    class Mute extends Release {}
    expect(() => new Handlers([new Mute()])).toThrow('Mute lacks @Handles(Message)');
  });
});

describe('what a handler returns', () => {
  const data = { cakeId: newId(), items: [] };
  const told = (outgoing: OutgoingMessage, version?: number): Message => toMessage(outgoing, 'kitchen', version);

  it('a reply carries the command that it answers, its saga, its trace and its cause', () => {
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

  it('an emitted event has a new id each time and belongs to no command', () => {
    const [one, other] = [told(emit(IngredientsReturned, data)), told(emit(IngredientsReturned, data))];
    expect(one.id).not.toBe(other.id);
    expect(one).toMatchObject({
      commandId: undefined,
      sagaId: undefined,
      causationId: undefined,
      aggregateVersion: undefined,
    });
  });

  it('a changed row is a copy: the row that was read stays as it is', () => {
    const supply = Object.freeze({ ingredient: 'flour', left: 3, version: 2 });
    expect(update(Supply, supply, { left: 2 }).row).toEqual({ ingredient: 'flour', left: 2, version: 2 });
    expect(supply.left).toBe(3);
    expect(insert(Supply, { ingredient: 'sugar', left: 1 }).row.version).toBe(0);
  });
});
