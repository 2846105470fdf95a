import { Controller, HttpCode, Inject, Module, Param, Post } from '@nestjs/common';
import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { Contended, locked, Version } from '@backstep/concurrency';
import type { PlatformApp } from '@backstep/service';
import { createTestDatabase, type TestDatabase } from '@backstep/testing';
import { UnitOfWork } from '@backstep/unit-of-work';
import { Column, Entity, PrimaryColumn } from 'typeorm';
import { addsOne, bakery, startBakery } from './bakery.fixture.spec.js';

/**
 * Goal: whoever asks for a row that is not waited for (`locked({ wait: 0 })`) is told over HTTP that somebody has it, while that is so, and
 * others are served. Method: a whole service on a real PostgreSQL, and a transaction of somebody else that holds a row until all are answered.
 */
@Entity('till')
@Contended(locked({ wait: 0 }))
class Till {
  @PrimaryColumn('text') id!: string;
  @Column('integer') sales!: number;
  @Version() version!: number;
}

const TABLES = `
  CREATE TABLE till (id text PRIMARY KEY, sales integer NOT NULL, version bigint NOT NULL);
  INSERT INTO till VALUES ('front', 0, 1), ('back', 0, 1)`;

const ring = addsOne(Till, ({ sales }) => ({ sales: sales + 1 }));

@Controller()
class TillController {
  constructor(@Inject(UnitOfWork) private readonly unitOfWork: UnitOfWork) {}

  @Post('tills/:id/sales')
  @HttpCode(204)
  ring(@Param('id') id: string): Promise<void> {
    return this.unitOfWork.request(ring, id);
  }
}

@Module({ imports: [bakery([Till], TABLES)], controllers: [TillController] })
class TillModule {}

let database: TestDatabase;
let platform: PlatformApp;
let url: string;
beforeAll(async () => {
  database = await createTestDatabase();
  ({ platform, url } = await startBakery(TillModule, database.url));
});
afterAll(async () => {
  await platform.app.close();
  await database.drop();
});

const ringAt = (till: string): Promise<Response> => fetch(`${url}/tills/${till}/sales`, { method: 'POST' });

it('a request for a row that is held is 409 while it is held, with Retry-After; another row is served, and later that one is too', async () => {
  const rival = await database.pool.connect();
  try {
    await rival.query(`BEGIN; SELECT FROM till WHERE id = 'front' FOR UPDATE`);
    const [refused, served] = await Promise.all([ringAt('front'), ringAt('back')]);
    expect(refused.status).toBe(409);
    expect(Number(refused.headers.get('retry-after'))).toBeGreaterThan(0);
    expect(await refused.json()).toMatchObject({ type: 'urn:backstep:problem:locked', status: 409 });
    expect(served.status).toBe(204);
    await rival.query('COMMIT');
  } finally {
    rival.release(true);
  }
  expect((await ringAt('front')).status).toBe(204);
  const { rows } = await database.pool.query('SELECT id, sales FROM till ORDER BY id');
  expect(rows).toEqual([
    { id: 'back', sales: 1 },
    { id: 'front', sales: 1 },
  ]);
});
