import type { DataSource, EntitySubscriberInterface, QueryRunner } from 'typeorm';

/**
 * Keeps the keys of messages that were added in each transaction, and reports them when TypeORM has committed that transaction, however it
 * began: by `dataSource.transaction`, a query runner, a decorator.
 *
 * Keys and not messages: a savepoint that is rolled back, by TypeORM or by a statement, removes the rows that were added in it. After the
 * commit the table has exactly the committed messages.
 */
export class Commits {
  private readonly keys = new WeakMap<QueryRunner, Set<string>>();
  private readonly subscriber: EntitySubscriberInterface;

  constructor(
    private readonly dataSource: DataSource,
    onCommit: (keys: ReadonlySet<string>) => void,
  ) {
    this.subscriber = {
      afterTransactionCommit: ({ queryRunner }) => {
        const keys = this.takeOf(queryRunner);
        if (keys) onCommit(keys);
      },
      afterTransactionRollback: ({ queryRunner }) => void this.takeOf(queryRunner),
    };
  }

  start(): void {
    this.dataSource.subscribers.push(this.subscriber);
  }

  stop(): void {
    const { subscribers } = this.dataSource;
    const at = subscribers.indexOf(this.subscriber);
    if (at >= 0) subscribers.splice(at, 1);
  }

  added(runner: QueryRunner, keys: Iterable<string>): void {
    let all = this.keys.get(runner);
    if (!all) this.keys.set(runner, (all = new Set()));
    for (const key of keys) all.add(key);
  }

  /** The keys of a transaction that is over; undefined at the end of a savepoint, whose transaction is still active. */
  private takeOf(runner: QueryRunner): ReadonlySet<string> | undefined {
    if (runner.isTransactionActive) return undefined;
    const keys = this.keys.get(runner);
    this.keys.delete(runner);
    return keys;
  }
}
