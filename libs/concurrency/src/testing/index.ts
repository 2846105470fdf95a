import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { DataSource } from 'typeorm';
import { COUNT_VERSION_TRIGGER } from '../counted-versions.js';
import { hasVersion, type EntityClass } from '../version.js';

type Class = new () => object;

/** The classes that the `*.entity.ts` files in a folder and its subfolders export. */
export async function entitiesIn(folder: string): Promise<Class[]> {
  const paths = readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter((path) =>
    path.endsWith('.entity.ts'),
  );
  const modules = await Promise.all(paths.map((path) => import(join(folder, path)) as Promise<object>));
  return modules.flatMap((module) => Object.values(module)).filter((one): one is Class => typeof one === 'function');
}

/**
 * Migrates an empty database and looks for the trigger on the table of each entity with a `@Version()`.
 * @returns for each such table, whether PostgreSQL counts its versions
 * @throws Error when one of them has a version that is no bigint
 */
export async function countedTables({
  url,
  entities,
  migrations,
}: {
  readonly url: string;
  readonly entities: readonly Class[];
  readonly migrations: readonly Class[];
}): Promise<Record<string, boolean>> {
  const dataSource = await new DataSource({
    type: 'postgres',
    url,
    entities: [...entities],
    migrations: [...migrations],
  }).initialize();
  try {
    await dataSource.runMigrations();
    const found: { name: string }[] = await dataSource.query(
      "SELECT c.relname AS name FROM pg_trigger AS t JOIN pg_class AS c ON c.oid = t.tgrelid WHERE t.tgname = $1 AND t.tgenabled = 'O'",
      [COUNT_VERSION_TRIGGER],
    );
    const narrow: { name: string }[] = await dataSource.query(
      "SELECT table_name AS name FROM information_schema.columns WHERE table_schema = 'public' AND column_name = 'version' AND data_type = 'integer'",
    );
    const tables = dataSource.entityMetadatas.map(({ tableName }) => tableName);
    const wrong = narrow.map(({ name }) => name).filter((name) => tables.includes(name));
    if (wrong.length > 0) throw new Error(`the version of ${wrong.join(', ')} is no bigint`);
    const counted = new Set(found.map(({ name }) => name));
    const versioned = dataSource.entityMetadatas.filter(({ target }) => hasVersion(target as EntityClass));
    return Object.fromEntries(versioned.map(({ tableName }) => [tableName, counted.has(tableName)]));
  } finally {
    await dataSource.destroy();
  }
}
