import { describe, expect, it } from '@jest/globals';
import { command, newId, type Message } from '@backstep/messages';
import { ReleaseStock, ReserveStock, StockReleased } from '@backstep/contracts';
import { aMessage } from '@backstep/messages/testing';
import { emit, Handlers, Handles, insert, reply, update, type OutgoingMessage } from './index.js';
import { toMessage } from './changes.js';
import { Release, Reserve, Stock } from './tiny-inventory.fixture.spec.js';

/** Goal: each message has one handler, found by name and told at start-up when not; and what a handler says becomes a whole message. */
describe('handlers', () => {
  it('are found by the message they handle', () => {
    const [one, other] = [new Reserve(), new Release()];
    const handlers = new Handlers([one, other]);
    expect(handlers.find(ReserveStock.name, 1)).toEqual({ definition: ReserveStock, handler: one });
    expect(handlers.find(ReleaseStock.name, 1)).toEqual({ definition: ReleaseStock, handler: other });
    expect(handlers.find(StockReleased.name, 1)).toBeUndefined();
  });

  it('are found by its version too: one class may take several, or each have its own', () => {
    const second = command('inventory', 'ReserveStock', {
      version: 2,
      key: 'orderId',
      summary: '',
      data: ReserveStock.schema,
    });
    @Handles(ReserveStock, second)
    class Both extends Release {}
    const both = new Handlers([new Both()]);
    expect([both.find('ReserveStock', 1)?.definition, both.find('ReserveStock', 2)?.definition]).toEqual([
      ReserveStock,
      second,
    ]);
    expect([both.find('ReserveStock', 3), both.versionsOf('ReserveStock')]).toEqual([undefined, [1, 2]]);

    @Handles(second)
    class Second extends Release {}
    const each = new Handlers([new Reserve(), new Second()]);
    expect([1, 2].map((version) => each.find('ReserveStock', version)?.handler.constructor)).toEqual([Reserve, Second]);
  });

  it('of one message may not be two', () => {
    @Handles(ReserveStock, ReleaseStock)
    class Both extends Release {}
    expect(() => new Handlers([new Both(), new Release()])).toThrow(
      'ReleaseStock version 1 of inventory.commands has two handlers',
    );
  });

  it('must say what they handle', () => {
    class Mute extends Release {}
    expect(() => new Handlers([new Mute()])).toThrow('Mute lacks @Handles(Message)');
  });
});

describe('what a handler says', () => {
  const data = { orderId: newId(), items: [] };
  const told = (outgoing: OutgoingMessage, version?: number): Message => toMessage(outgoing, 'inventory', version);

  it('in reply carries the command it answers, its saga, its trace and its cause', () => {
    const command = aMessage(ReleaseStock, { ...data, items: [{ sku: 'cup', quantity: 1 }] }, { traceparent: 'tp' });
    const { sagaId, commandId } = command;
    expect(told(reply(command, StockReleased, data), 3)).toMatchObject({
      type: 'StockReleased',
      source: 'inventory',
      subject: data.orderId,
      sagaId,
      commandId,
      causationId: command.id,
      traceparent: 'tp',
      aggregateVersion: 3,
      data,
    });
  });

  it('unasked has an id of its own each time, and answers nobody', () => {
    const [one, other] = [told(emit(StockReleased, data)), told(emit(StockReleased, data))];
    expect(one.id).not.toBe(other.id);
    expect(one).toMatchObject({
      commandId: undefined,
      sagaId: undefined,
      causationId: undefined,
      aggregateVersion: undefined,
    });
  });

  it('about a row leaves the row as it was read', () => {
    const stock = Object.freeze({ sku: 'cup', left: 3, version: 2 });
    expect(update(Stock, stock, { left: 2 }).row).toEqual({ sku: 'cup', left: 2, version: 2 });
    expect(stock.left).toBe(3);
    expect(insert(Stock, { sku: 'pot', left: 1 }).row.version).toBe(0);
  });
});
