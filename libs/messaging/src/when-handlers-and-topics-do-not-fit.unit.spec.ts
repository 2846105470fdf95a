import { describe, expect, it } from '@jest/globals';
import { catalogue, command, event, type MessageDefinition } from '@backstep/messages';
import { Handles } from '@backstep/unit-of-work';
import { z } from 'zod';
import { topicsRead as topicsReadOf } from './topics-read.js';

/** Goal: the topics of a service follow from its handlers, and a message that could never be handled stops its start, by name. */
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

const declared = { key: 'loafId', summary: '', data: z.object({ loafId: z.uuid() }) } as const;
const BakeLoaf = command('oven', 'BakeLoaf', declared);
const CoolLoaf = command('oven', 'CoolLoaf', declared);
const LoafBaked = event('oven', 'LoafBaked', declared);
const LoafOrdered = event('counter', 'LoafOrdered', declared);
const second = command('oven', 'BakeLoaf', { ...declared, version: 2 });
const CATALOGUE = catalogue([BakeLoaf, CoolLoaf, LoafBaked, LoafOrdered, second]);
const topicsRead = (service: string, handlers: Parameters<typeof topicsReadOf>[1]): string[] =>
  topicsReadOf(service, handlers, CATALOGUE);

describe('the topics that a service reads', () => {
  it('a service reads the topics of the messages that it handles, each once', () => {
    const handlers = [handling(BakeLoaf, second), handling(CoolLoaf), handling(LoafOrdered, LoafBaked)];
    expect(topicsRead('oven', handlers)).toEqual(['counter.events', 'oven.commands', 'oven.events']);
    expect(topicsRead('oven', [])).toEqual([]);
  });
});

describe('a service whose handlers are wrong', () => {
  it('a service with a handler of a message outside its catalogue does not start', () => {
    const strange = event('orchestrator', 'SagaEnded', declared);
    expect(() => topicsRead('counter', [handling(LoafOrdered, strange)])).toThrow(
      'AHandler handles SagaEnded version 1 of orchestrator.events, which is not in the catalogue',
    );
  });

  it('a service with a handler of another service’s command does not start', () => {
    expect(() => topicsRead('counter', [handling(BakeLoaf)])).toThrow(
      'AHandler handles BakeLoaf version 1 of oven.commands, which is a command to oven, and this is counter',
    );
  });

  it('a service with two handlers of one version of a message does not start', () => {
    expect(() => topicsRead('oven', [handling(second), handling(BakeLoaf, second)])).toThrow(
      'BakeLoaf version 2 of oven.commands has two handlers: AHandler and AHandler',
    );
  });

  it('a service with a handler class without @Handles does not start', () => {
    expect(() => topicsRead('oven', [class Mute {}])).toThrow('Mute lacks @Handles(Message)');
  });
});
