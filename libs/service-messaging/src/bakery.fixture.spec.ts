import type { DynamicModule, Type } from '@nestjs/common';
import type { EntityClass } from '@backstep/concurrency';
import { catalogue } from '@backstep/messages';
import { createApp, createLogger, loadConfig, platformConfig, type PlatformApp } from '@backstep/service';
import { one, UNIT_OF_WORK_MIGRATIONS, update } from '@backstep/unit-of-work';
import type { MigrationInterface, QueryRunner } from 'typeorm';
import { messagingConfig, serviceMessaging } from './index.js';

/** Not a suite: a service whose requests count on rows, without Kafka. */
const SERVICE = 'bakery';
const NO_KAFKA = '127.0.0.1:1';

/** What the module of the service imports. @param tables SQL that makes its tables and their rows */
export function bakery(entities: (new () => object)[], tables: string): DynamicModule {
  class Tables1700000001001 implements MigrationInterface {
    async up(runner: QueryRunner): Promise<void> {
      await runner.query(tables);
    }

    down(): Promise<void> {
      return Promise.resolve();
    }
  }
  const migrations = [...UNIT_OF_WORK_MIGRATIONS, Tables1700000001001];
  return serviceMessaging({ service: SERVICE, catalogue: catalogue([]), handlers: [], entities, migrations });
}

/** Runs an instance of the service, whose database is the one at this URL. */
export async function startBakery(
  module: Type,
  databaseUrl: string,
  settings: Readonly<Record<string, string>> = {},
): Promise<{ readonly platform: PlatformApp; /** Where it answers. */ readonly url: string }> {
  const config = loadConfig(
    { ...platformConfig(0), ...messagingConfig },
    { DATABASE_URL: databaseUrl, KAFKA_BROKERS: NO_KAFKA, ...settings },
  );
  const logger = createLogger({ service: SERVICE, level: 'error' });
  const platform = await createApp({ name: SERVICE, module, config, logger });
  await platform.app.listen(0, '127.0.0.1');
  return { platform, url: await platform.app.getUrl() };
}

/** A request that adds one to a count of the row that it names. */
export const addsOne = <Row extends { readonly version: number }>(
  entity: EntityClass<Row>,
  more: (row: Row) => Partial<Omit<Row, 'version'>>,
) => ({
  needs: (id: string) => ({ row: one(entity, id) }),
  decide: (_: string, { row }: { row: Row | undefined }) => {
    if (!row) throw new Error(`no such ${entity.name}`);
    return { answer: undefined, changes: [update(entity, row, more(row))] };
  },
});
