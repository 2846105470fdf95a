import { describe, expect, it } from '@jest/globals';
import { acceptsEventStream } from './accept.js';

describe('content negotiation', () => {
  it.each([
    'text/event-stream',
    'Text/Event-Stream',
    'application/json;q=0.5, text/event-stream;q=0.9',
    'text/event-stream; charset=utf-8',
  ])('a client gets a stream with Accept: %s', (accept) => expect(acceptsEventStream(accept)).toBe(true));

  it.each([
    undefined,
    '',
    '*/*',
    'text/*',
    'application/json',
    'text/event-stream;q=0',
    'text/event-stream; q=0.0',
    'x/text/event-stream',
  ])('a client gets no stream with Accept: %s', (accept) => expect(acceptsEventStream(accept)).toBe(false));
});
