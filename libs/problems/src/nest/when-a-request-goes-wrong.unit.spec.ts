import {
  BadRequestException,
  Body,
  ConflictException,
  Controller,
  Get,
  HttpException,
  type INestApplication,
  type LoggerService,
  Module,
  Param,
  Post,
  Res,
} from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { FastifyAdapter } from '@nestjs/platform-fastify';
import { ExecutionContextHost } from '@nestjs/core/helpers/execution-context-host.js';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { z } from 'zod';
import { declareProblems, ProblemError, PROBLEMS } from '../problems.js';
import { zod } from '../zod.js';
import { ProblemFilter, type ProblemFilterOptions } from './index.js';

/**
 * Goal: any NestJS application answers any thrown value with problem details, and a bug without its details.
 * Method: real applications, with the filter and without, on Fastify. `npm run smoke:packages` has one on Express and NestJS 11.
 */
const BAKERY = declareProblems(
  { ovenCold: ['oven-cold', 409, 'The oven is cold', 'It was not lit yet'] },
  'urn:bakery:problem:',
);
const Loaf = z.strictObject({ grams: z.int().min(1) });
const named = (name: string, more: object = {}) => Object.assign(new Error('of the kit'), { name, ...more });

const FAILURES: Readonly<Record<string, () => unknown>> = {
  problem: () => new ProblemError(BAKERY.ovenCold, { detail: 'Light it first.', headers: { 'retry-after': '60' } }),
  overloaded: () => named('OverloadedError'),
  away: () => Object.assign(new Error('connect'), { code: 'ECONNREFUSED' }),
  oversize: () => named('InvalidMessageError', { reason: 'oversize' }),
  noBasis: () => named('BasisRequiredError'),
  stale: () =>
    named('StaleBasisError', {
      stale: {
        version: 14,
        current: { grams: 300 },
        yours: { grams: 310 },
        clashing: ['grams', { op: 'setGrams', loaf: 'rye' }],
        changedSince: undefined,
      },
    }),
  gone: () => named('StaleBasisError', { stale: { version: undefined, yours: { grams: 310 } } }),
  nest: () => new ConflictException({ message: 'it is taken', seat: 4, status: 200 }),
  list: () => new BadRequestException({ message: ['grams must be positive', 'seed is unknown'], error: 'Bad Request' }),
  teapot: () => new HttpException('no coffee here', 418),
  middleware: () =>
    Object.assign(new Error('request entity too large'), { statusCode: 413, status: 413, expose: true }),
  client: () => Object.assign(new Error('password=hunter2'), { statusCode: 404 }),
  bug: () => new Error('password=hunter2 at /srv/secret.ts'),
  nothing: () => undefined,
};

@Controller('loaves')
class LoavesController {
  @Post()
  bake(@Body(zod(Loaf)) loaf: z.output<typeof Loaf>) {
    return loaf;
  }

  @Get('half')
  half(@Res() reply: { raw: NodeJS.WritableStream }) {
    reply.raw.write('half of it');
    throw new Error('the other half is missing');
  }

  @Get(':how')
  fail(@Param('how') how: string) {
    throw FAILURES[how]?.();
  }
}

@Module({ controllers: [LoavesController] })
class BakeryModule {}

const lines: string[] = [];
const keep = (message: unknown, ...rest: unknown[]): void => void lines.push([message, ...rest].map(String).join(' '));
const logger: LoggerService = { log: () => undefined, warn: keep, error: keep };

async function bakery(options?: ProblemFilterOptions | 'no filter'): Promise<INestApplication> {
  const app = await NestFactory.create(BakeryModule, new FastifyAdapter(), { logger });
  if (options !== 'no filter') app.useGlobalFilters(new ProblemFilter(options));
  await app.listen(0, '127.0.0.1');
  return app;
}

let app: INestApplication;
beforeAll(async () => {
  app = await bakery();
});
afterAll(() => app.close());

async function ask(path: string, init?: RequestInit, of = app) {
  const response = await fetch((await of.getUrl()) + path, init);
  const body = (await response.json()) as Record<string, unknown>;
  return { status: response.status, type: response.headers.get('content-type'), headers: response.headers, body };
}
const bake = (body: string) =>
  ask('/loaves?today', { method: 'POST', body, headers: { 'content-type': 'application/json' } });

describe('a problem', () => {
  it('a wrong field is answered with its name, and the path without its query', async () => {
    expect(await bake('{"grams":0}')).toMatchObject({
      status: 400,
      type: 'application/problem+json',
      body: {
        type: PROBLEMS.validation.type,
        instance: '/loaves',
        errors: [{ in: 'body', field: 'grams', pointer: '#/grams', message: 'must be 1 or more' }],
      },
    });
  });

  it('a problem that a controller throws is answered with its own type and headers', async () => {
    const answer = await ask('/loaves/problem');
    expect(answer).toMatchObject({ status: 409, type: 'application/problem+json' });
    expect(answer.body).toEqual({
      type: 'urn:bakery:problem:oven-cold',
      title: 'The oven is cold',
      status: 409,
      detail: 'Light it first.',
      instance: '/loaves/problem',
    });
    expect(answer.headers.get('retry-after')).toBe('60');
  });

  it.each([
    ['too much to do', 'overloaded', 503, PROBLEMS.overloaded],
    ['a database that is away', 'away', 503, PROBLEMS.unavailable],
    ['a message too large for Kafka', 'oversize', 413, PROBLEMS.payloadTooLarge],
    ['an edit that does not say of which version', 'noBasis', 428, PROBLEMS.preconditionRequired],
    ['an edit of something that is not there', 'gone', 412, PROBLEMS.preconditionFailed],
  ])('an error of the kit becomes the problem it means: %s', async (_, how, status, { type }) => {
    const answer = await ask(`/loaves/${how}`);
    expect(answer).toMatchObject({ status, body: { type } });
    expect(answer.headers.get('retry-after')).toBe(status === 503 ? '2' : null);
  });
});

describe('an edit of an old version', () => {
  it('an edit of an old version is answered with what is so now, and its ETag for the next If-Match', async () => {
    const { status, headers, body } = await ask('/loaves/stale');
    expect([status, headers.get('etag')]).toEqual([412, '"v14"']);
    expect(body).toMatchObject({
      current: { grams: 300 },
      yours: { grams: 310 },
      clashing: ['grams', { op: 'setGrams', loaf: 'rye' }],
    });
    expect(body).not.toHaveProperty('changedSince');
  });
});

describe('an exception of Nest', () => {
  it('an exception of Nest keeps its status, its message and its further members, which replace no standard member', async () => {
    expect((await ask('/loaves/nest')).body).toEqual({
      type: PROBLEMS.conflict.type,
      title: PROBLEMS.conflict.title,
      status: 409,
      detail: 'it is taken',
      instance: '/loaves/nest',
      seat: 4,
    });
  });

  it('an exception with several messages is answered with all of them', async () => {
    expect((await ask('/loaves/list')).body).toMatchObject({
      type: 'about:blank',
      title: 'Bad Request',
      detail: 'grams must be positive; seed is unknown',
    });
  });

  it('a status without a problem of its own is answered as about:blank', async () => {
    const body = { type: 'about:blank', title: "I'm a Teapot", status: 418, detail: 'no coffee here' };
    expect(await ask('/loaves/teapot')).toMatchObject({ status: 418, type: 'application/problem+json', body });
  });

  it('a path that nobody serves, and a body that is no JSON, are answered with a problem', async () => {
    expect(await ask('/nowhere')).toMatchObject({
      status: 404,
      type: 'application/problem+json',
      body: { type: PROBLEMS.notFound.type },
    });
    expect(await bake('{"grams":')).toMatchObject({ status: 400, type: 'application/problem+json' });
  });

  it('an error of http-errors keeps its status where it may be exposed; another error with a status does not', async () => {
    expect(await ask('/loaves/middleware')).toMatchObject({
      status: 413,
      body: { type: PROBLEMS.payloadTooLarge.type },
    });
    expect(await ask('/loaves/client')).toMatchObject({ status: 500, body: { type: PROBLEMS.internal.type } });
  });
});

describe('a bug', () => {
  it('a bug is answered with 500 without details, and logged with its stack', async () => {
    const answer = await ask('/loaves/bug');
    expect(answer).toMatchObject({ status: 500, body: { type: PROBLEMS.internal.type } });
    expect(JSON.stringify(answer.body)).not.toMatch(/hunter2|secret\.ts|Error/);
    expect(lines).toContainEqual(expect.stringMatching(/GET \/loaves\/bug: 500 .*secret\.ts\n +at /s));
  });

  it('a thrown value that is no error is answered with 500', async () => {
    expect(await ask('/loaves/nothing')).toMatchObject({ status: 500, type: 'application/problem+json' });
  });

  it('a bug in the middle of an answer closes the connection', async () => {
    await expect(fetch(`${await app.getUrl()}/loaves/half`).then((response) => response.text())).rejects.toThrow();
  });

  it('an error outside HTTP is thrown again', () => {
    const host = new ExecutionContextHost([]);
    host.setType('rpc');
    const bug = new Error('of a consumer');
    expect(() => new ProblemFilter().catch(bug, host)).toThrow(bug);
  });
});

describe('an application', () => {
  it('an application gives its own errors their problems, an id and a log', async () => {
    const logged: unknown[] = [];
    const own = await bakery({
      problemOf: (thrown) => (thrown instanceof Error ? new ProblemError(BAKERY.ovenCold) : undefined),
      requestId: ({ method }) => `${method}-1`,
      log: ({ status }) => void logged.push(status),
    });
    try {
      expect((await ask('/loaves/bug', {}, own)).body).toMatchObject({
        type: BAKERY.ovenCold.type,
        requestId: 'GET-1',
      });
      expect((await ask('/loaves/nothing', {}, own)).body).toMatchObject({ type: PROBLEMS.internal.type });
      expect(logged).toEqual([409, 500]);
    } finally {
      await own.close();
    }
  });

  it('an application without the filter answers a problem with its status and its detail, in the form of Nest', async () => {
    const plain = await bakery('no filter');
    try {
      expect(await ask('/loaves/problem', {}, plain)).toMatchObject({
        status: 409,
        body: { statusCode: 409, message: 'Light it first.' },
      });
    } finally {
      await plain.close();
    }
  });
});
