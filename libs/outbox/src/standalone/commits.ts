import type { DataSource, EntitySubscriberInterface, QueryRunner } from 'typeorm';

/**
 * Knows of which keys messages were added in which transaction, and tells it when TypeORM has committed that transaction, whoever began it:
 * `dataSource.transaction`, a query runner, a decorator.
 *
 * Keys, not messages: a savepoint that was rolled back, by TypeORM or by hand, takes rows along that were added in it. What is in the
 * table after the commit is what was committed.
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

  /** Of a transaction that is over. A savepoint's end is none: the transaction is still active. */
  private takeOf(runner: QueryRunner): ReadonlySet<string> | undefined {
    if (runner.isTransactionActive) return undefined;
    const keys = this.keys.get(runner);
    this.keys.delete(runner);
    return keys;
  }
}
