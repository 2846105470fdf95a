import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { fastify as createFastify } from 'fastify';
import { answerWithin } from './answer-within.js';

/** Goal: nobody waits for ever on a handler that does not end. Method: a real Fastify with a short limit, handlers that never end. */
const WITHIN_MS = 50;
const never = new Promise<never>(() => undefined);
const fastify = createFastify();
let base: string;
let release: () => void;

beforeAll(async () => {
  answerWithin(fastify, WITHIN_MS);
  fastify.get('/never', () => never);
  fastify.get('/at-once', () => ({ done: true }));
  fastify.get('/begun', (_request, reply) => {
    reply.raw.writeHead(200, { 'content-type': 'text/plain' });
    reply.raw.write('a part');
    return never;
  });
  fastify.get('/taken-over', (_request, reply) => {
    reply.hijack();
    release = () => reply.raw.end('late');
  });
  base = await fastify.listen({ port: 0, host: '127.0.0.1' });
});
afterAll(() => fastify.close());

describe('a request is answered in time', () => {
  it('with 503 and a problem when its handler does not end', async () => {
    const response = await fetch(`${base}/never`);
    expect(response.status).toBe(503);
    expect(response.headers.get('content-type')).toBe('application/problem+json');
    expect(await response.json()).toMatchObject({ title: 'The answer took too long', instance: '/never' });
  });

  it('or cut off when its answer has begun and does not end', async () => {
    const response = await fetch(`${base}/begun`);
    await expect(response.text()).rejects.toThrow();
  });

  it('by the handler, where that is sooner', async () => {
    expect(await (await fetch(`${base}/at-once`)).json()).toEqual({ done: true });
  });

  it('or left alone when its handler has taken the reply over', async () => {
    const answer = fetch(`${base}/taken-over`).then((response) => response.text());
    // Its limit began earlier than that of the one after it, which is over now.
    await fetch(`${base}/never`);
    release();
    expect(await answer).toBe('late');
  });
});
