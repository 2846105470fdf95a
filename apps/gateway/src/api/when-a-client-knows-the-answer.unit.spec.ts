import { expect, it } from '@jest/globals';
import { entityTag } from '@backstep/problems';
import type { FastifyReply } from 'fastify';
import { isNotModified } from './etag.js';

/** Goal: 304 only for the very answer that the client has. Method: a reply that remembers what was set. */
function asked(body: { readonly version: number }, ifNoneMatch?: string) {
  const told = { status: 200, etag: '' };
  const reply = {
    header: (_: string, value: string) => void (told.etag = value),
    status: (status: number) => void (told.status = status),
  } as unknown as FastifyReply;
  return { notModified: isNotModified(reply, body, ifNoneMatch), ...told };
}
const running = { version: 3, saga: { state: 'RUNNING' } };
const ended = { version: 3, saga: { state: 'COMPLETED' } };
const { etag } = asked(running);

it('an answer with a known ETag is 304, also with a weak tag or one of several', () => {
  for (const tags of [etag, `W/${etag}`, `"v1", ${etag}`, '*'])
    expect(asked(running, tags)).toEqual({ notModified: true, status: 304, etag });
});

it('an answer that differs under the same version has another ETag and is sent', () => {
  expect(asked(ended, etag)).toMatchObject({ notModified: false, status: 200 });
  expect(asked(ended, entityTag(3))).toMatchObject({ notModified: false, status: 200 });
  expect(asked(running)).toMatchObject({ notModified: false });
});
