import 'reflect-metadata';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { NAMED_LOCK_MIGRATIONS } from '@backstep/locks';
import { catalogue, newId } from '@backstep/messages';
import { Database, MessagingModule } from '@backstep/messaging';
import { createTestDatabase, requireInfrastructure, waitUntil, type TestDatabase } from '@backstep/testing';
import { UNIT_OF_WORK_MIGRATIONS, UnitOfWork } from '@backstep/unit-of-work';
import {
  Body,
  Controller,
  Get,
  Inject,
  Module,
  Param,
  Post,
  Query,
  Res,
  type INestApplicationContext,
} from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { Registry } from 'prom-client';
import type { MigrationInterface, QueryRunner } from 'typeorm';
import { httpAnswer, Lane, lane, LANE_ENTITIES, LANE_MIGRATIONS, LaneEntry } from './index.js';
import { Jar, JARS_SQL, move, Moved, type Move } from './jars.fixture.spec.js';
import { aMove } from './lanes.fixture.spec.js';
import { InjectLane, LanesModule } from './nest/index.js';

/**
 * Goal: lanes run in a NestJS application with messaging: entries that are enqueued are applied, also those that another process has enqueued,
 * and counted; the example of docs/use-lanes.md.
 * Method: an application on a real PostgreSQL and Kafka, whose controller is called as Nest would.
 */
interface Left {
  readonly left: number;
}

interface Reply {
  code(status: number): { headers(headers: Readonly<Record<string, string>>): unknown };
}

export const moves = lane('moves', move, { batch: 200, queueMax: 50_000 });

@Controller('v1/moves')
class MovesController {
  constructor(
    @InjectLane(moves) private readonly lane: Lane<Move, Left>,
    @Inject(UnitOfWork) private readonly unitOfWork: UnitOfWork,
  ) {}

  @Post()
  async post(
    @Body() body: Move,
    @Query('skipQueue') skipQueue: string | undefined,
    @Res({ passthrough: true }) reply: Reply,
  ) {
    if (skipQueue === 'true') return this.unitOfWork.request(move, body);
    const entry = await this.lane.enqueue(body, { id: body.id });
    const { status, headers, body: answer } = httpAnswer(entry, `/v1/moves/${entry.id}`);
    reply.code(status).headers(headers);
    return answer;
  }

  /** The present state; waits for up to five seconds until there is an outcome. */
  @Get(':id')
  get(@Param('id') id: string) {
    return this.lane.settled(id, { waitMs: 5_000 });
  }
}

class Jars1700000000901 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(JARS_SQL);
    await runner.query(`INSERT INTO jar VALUES ('a', 100, 0, 1), ('b', 100, 0, 1)`);
  }
  async down(): Promise<void> {}
}

const { kafkaBrokers: brokers } = requireInfrastructure();
const registry = new Registry();
const modulesOf = (service: string, url: string) => [
  MessagingModule.forRoot({
    service,
    catalogue: catalogue([]),
    handlers: [],
    entities: [Jar, Moved, ...LANE_ENTITIES],
    migrations: [...UNIT_OF_WORK_MIGRATIONS, ...NAMED_LOCK_MIGRATIONS, ...LANE_MIGRATIONS, Jars1700000000901],
    database: { url },
    kafka: { brokers },
    metrics: { registry },
  }),
  LanesModule.forRoot({ lanes: [moves] }),
];
let database: TestDatabase;
let application: INestApplicationContext;

beforeAll(async () => {
  database = await createTestDatabase();
  const service = `jars-${newId()}`;
  @Module({ imports: modulesOf(service, database.url), controllers: [MovesController] })
  class JarsModule {}
  application = await NestFactory.createApplicationContext(JarsModule, { logger: ['error'] });
});
afterAll(async () => {
  await application.close();
  await database.drop();
});

const replied: unknown[] = [];
const reply: Reply = { code: (status) => ({ headers: (headers) => replied.push({ status, headers }) }) };

describe('a lane in an application', () => {
  it('a move is queued with 202 and its place, then applied, and read there; a direct one is answered at once', async () => {
    const controller = application.get(MovesController);
    const input = aMove('a', 'b', 40);
    expect(await controller.post(input, undefined, reply)).toEqual({ id: input.id, state: 'QUEUED' });
    expect(replied).toEqual([{ status: 202, headers: { location: `/v1/moves/${input.id}` } }]);
    expect(await controller.get(input.id)).toMatchObject({ state: 'APPLIED', answer: { left: 60 } });
    expect(await controller.post(aMove('a', 'b', 10), 'true', reply)).toEqual({ left: 50 });
    expect(await registry.metrics()).toContain('backstep_lane_settled_total{lane="moves",state="APPLIED"} 1');
  });

  it('an entry that another process has enqueued is applied, too', async () => {
    const { dataSource } = application.get(Database);
    const id = newId();
    await dataSource.query(
      `INSERT INTO lane_entry (key, lane, state, input, attempts, queued_at, version) VALUES ($1, 'moves', 'QUEUED', $2, 0, now(), 1)`,
      [`moves/${id}`, JSON.stringify(aMove('b', 'a', 1))],
    );
    await waitUntil('it is applied', async () => {
      const found = await dataSource.getRepository(LaneEntry).findOneBy({ key: `moves/${id}` });
      return found?.state === 'APPLIED';
    });
  });

  it('two lanes of one name are refused at the start', () => {
    expect(() => LanesModule.forRoot({ lanes: [moves, lane('moves', move)] })).toThrow('there are two lanes moves');
  });
});
