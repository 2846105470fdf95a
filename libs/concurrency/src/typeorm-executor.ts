import type { DataSource, EntityManager, QueryRunner } from 'typeorm';
import type { Executor } from './statement.js';

/** A function that needs a transaction got a manager outside of one: its write would be committed by itself. */
export class NoTransactionError extends Error {
  override readonly name = 'NoTransactionError';
  constructor(readonly needs: string) {
    super(
      `${needs} needs the manager of a transaction: call it within dataSource.transaction(async (manager) => …), with that manager`,
    );
  }
}

/** @returns the query runner of the manager's transaction. @throws NoTransactionError, which names `needs`, outside of one */
export function transactionOf(manager: EntityManager, needs: string): QueryRunner {
  const { queryRunner } = manager;
  if (!queryRunner?.isTransactionActive) throw new NoTransactionError(needs);
  return queryRunner;
}

/** Runs statements within the transaction of this connection. @throws what TypeORM throws: see {@link translate} */
export const executorIn = (runner: QueryRunner): Executor => ({
  query: async (text, values) => ({ rows: (await runner.query(text, values, true)).records as unknown[] }),
});

/** Runs each statement on a connection of the data source's pool. @throws what TypeORM throws: see {@link translate} */
export const executorOf = (dataSource: DataSource): Executor => ({
  query: async (text, values) => {
    const runner = dataSource.createQueryRunner();
    try {
      return await executorIn(runner).query(text, values);
    } finally {
      await runner.release();
    }
  },
});
