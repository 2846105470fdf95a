import { createTestDatabase } from '@backstep/testing';
// eslint-disable-next-line @typescript-eslint/no-restricted-imports -- what it does is shown
import { Column, DataSource, Entity, PrimaryColumn, VersionColumn } from 'typeorm';
import { ASSERT_ROWS_SQL, Tables, Version } from './index.js';

/** What the specs of concurrency control share (no spec itself): two tables of accounts, with our `@Version` and with TypeORM's. */
@Entity('account')
export class Account {
  @PrimaryColumn('uuid') id!: string;
  @Column('text') owner!: string;
  @Column('bigint', { name: 'balance_cents' }) balance!: number;
  @Column('jsonb', { nullable: true }) notes!: readonly string[] | null;
  @Column('timestamptz', { name: 'opened_at' }) openedAt!: Date;
  @Version() version!: number;
}

@Entity('typeorm_account')
export class TypeOrmAccount {
  @PrimaryColumn('uuid') id!: string;
  @Column('integer') balance!: number;
  @VersionColumn() version!: number;
}

export async function accounts() {
  const database = await createTestDatabase();
  await database.pool.query(
    `${ASSERT_ROWS_SQL};
     CREATE TABLE account (id uuid PRIMARY KEY, owner text NOT NULL UNIQUE, balance_cents bigint NOT NULL, notes jsonb, opened_at timestamptz NOT NULL, version bigint NOT NULL);
     CREATE TABLE typeorm_account (id uuid PRIMARY KEY, balance integer NOT NULL, version integer NOT NULL);`,
  );
  const entities = [Account, TypeOrmAccount];
  const dataSource = await new DataSource({ type: 'postgres', url: database.url, entities, poolSize: 24 }).initialize();
  return {
    database,
    dataSource,
    table: new Tables(dataSource).of(Account),
    async stored(id: string): Promise<{ version: number; balance: number; owner: string } | undefined> {
      const { rows } = await database.pool.query<{ version: number; balance: number; owner: string }>(
        'SELECT version::float8 AS version, balance_cents::float8 AS balance, owner FROM account WHERE id = $1',
        [id],
      );
      return rows[0];
    },
    async close(): Promise<void> {
      await dataSource.destroy();
      await database.drop();
    },
  };
}
