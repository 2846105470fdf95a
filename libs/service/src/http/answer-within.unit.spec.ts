import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { fastify as createFastify } from 'fastify';
import { answerWithin } from './answer-within.js';

/** Goal: no client waits for ever for a handler that does not end. Method: a real Fastify with a short limit, handlers that never end. */
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

describe('answerWithin', () => {
  it('a request whose handler does not end is answered 503, with a problem', async () => {
    const response = await fetch(`${base}/never`);
    expect(response.status).toBe(503);
    expect(response.headers.get('content-type')).toBe('application/problem+json');
    expect(await response.json()).toMatchObject({ title: 'The answer took too long', instance: '/never' });
  });

  it('an answer that has begun and does not end is cut off', async () => {
    const response = await fetch(`${base}/begun`);
    await expect(response.text()).rejects.toThrow();
  });

  it('a request whose handler ends in time is answered by its handler', async () => {
    expect(await (await fetch(`${base}/at-once`)).json()).toEqual({ done: true });
  });

  it('a reply that its handler has taken over is left alone', async () => {
    const answer = fetch(`${base}/taken-over`).then((response) => response.text());
    // The limit of `/taken-over` began before that of `/never`, which is over now.
    await fetch(`${base}/never`);
    release();
    expect(await answer).toBe('late');
  });
});
