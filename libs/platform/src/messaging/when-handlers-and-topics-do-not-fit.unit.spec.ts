import { describe, expect, it } from '@jest/globals';
import {
  command,
  event,
  OrderPlaced,
  ReleaseStock,
  ReserveStock,
  StockReserved,
  type MessageDefinition,
} from '@backstep/contracts';
import { Handles } from '@backstep/unit-of-work';
import { topicsRead } from './topics-read.js';

/** Goal: what a service reads follows from what it handles, and what could never be handled stops its start, by name. */
function handling(...definitions: MessageDefinition[]) {
  @Handles(...definitions)
  class AHandler {
    needs() {
      return {};
    }
    decide() {
      return [];
    }
  }
  return AHandler;
}

const { schema: data } = ReserveStock;
const second = command('inventory', 'ReserveStock', { version: 2, key: 'orderId', summary: '', data });

describe('the topics that a service reads', () => {
  it('are those of the messages that it handles, each once', () => {
    const handlers = [handling(ReserveStock, second), handling(ReleaseStock), handling(OrderPlaced, StockReserved)];
    expect(topicsRead('inventory', handlers)).toEqual(['inventory.commands', 'inventory.events', 'order.events']);
    expect(topicsRead('inventory', [])).toEqual([]);
  });
});

describe('a service does not start', () => {
  it('with a message whose topic nobody has declared', () => {
    const strange = event('orchestrator', 'SagaEnded', { key: 'orderId', summary: '', data });
    expect(() => topicsRead('order', [handling(OrderPlaced, strange)])).toThrow(
      'AHandler handles SagaEnded version 1 of orchestrator.events, and there is no such topic',
    );
  });

  it('with a command that is sent to another', () => {
    expect(() => topicsRead('payment', [handling(ReserveStock)])).toThrow(
      'AHandler handles ReserveStock version 1 of inventory.commands, which is a command to inventory, and this is payment',
    );
  });

  it('with two handlers of one version of a message', () => {
    expect(() => topicsRead('inventory', [handling(second), handling(ReserveStock, second)])).toThrow(
      'ReserveStock version 2 of inventory.commands has two handlers: AHandler and AHandler',
    );
  });

  it('with a class that does not say what it handles', () => {
    expect(() => topicsRead('inventory', [class Mute {}])).toThrow('Mute lacks @Handles(Message)');
  });
});
