import {
  DatabaseUnavailableError,
  hasVersion,
  strategyOf,
  type EntityClass,
  type Executor,
} from '@backstep/concurrency';
import { newId } from '@backstep/messages';
import { ProblemError, PROBLEMS } from '@backstep/problems';
import { ContentionBoard, decisionsOf, type ContentionReport, type UnitOfWork } from '@backstep/unit-of-work';
import type { DataSource } from 'typeorm';
import {
  contendedKey,
  contentionBody,
  decisionBody,
  type ContendedKey,
  type ContentionBody,
  type DecisionBody,
} from './contention-body.js';

/** `GET /contention/keys/{entity}/{key}` of a service. */
export interface ContentionKeyBody {
  readonly entity: string;
  readonly key: string;
  /** What the entity declares with `@Contended`; the shares are those of `adaptive`. */
  readonly declared: {
    readonly strategy: 'optimistic' | 'locked' | 'adaptive';
    readonly enter: number | null;
    readonly leave: number | null;
  };
  /** null: it is none of the keys that conflict most. */
  readonly hot: ContendedKey | null;
  /** How it was taken otherwise in the last hour, the latest first. */
  readonly items: readonly DecisionBody[];
}

/** Characters of a name that nobody knows, which are repeated to whoever has asked for it. */
const NAME_CHARACTERS = 100;

/** What a service's instances lose to each other and to others, as any of them tells it. */
export class ContentionOfService {
  private readonly board: ContentionBoard;

  constructor(
    private readonly service: string,
    executor: Executor,
    private readonly dataSource: Pick<DataSource, 'entityMetadatas'>,
    private readonly unitOfWork: Pick<UnitOfWork, 'contention'>,
  ) {
    this.board = new ContentionBoard(executor, newId(), () => unitOfWork.contention);
  }

  /** Leaves what this instance has counted where the others find it. @throws DatabaseUnavailableError, or what the driver said */
  tell(): Promise<void> {
    return this.board.tell();
  }

  /** Of this instance alone. */
  own(): ContentionBody {
    return contentionBody(1, this.unitOfWork.contention);
  }

  /** Of all instances; while the database does not answer, of this one. */
  async all(): Promise<ContentionBody> {
    const { instances, report } = await this.board.ofAll().catch(() => this.alone());
    return contentionBody(instances, report);
  }

  /**
   * How a key is taken, and what was decided about it; by this instance alone while the database does not answer.
   * @throws ProblemError `notFound` that names the entity, when the service has none of this name; what the driver said
   */
  async ofKey(entity: string, key: string): Promise<ContentionKeyBody> {
    const strategy = strategyOf(this.entityOf(entity));
    const { report } = await this.board.ofAll().catch((error: unknown) => {
      if (error instanceof DatabaseUnavailableError) return this.alone();
      throw error;
    });
    const [enter, leave] = strategy.kind === 'adaptive' ? [strategy.enter, strategy.leave] : [null, null];
    const hot = report.hottest.find((one) => one.entity === entity && one.key === key);
    return {
      ...{ entity, key },
      declared: { strategy: strategy.kind, enter, leave },
      hot: hot ? contendedKey(hot) : null,
      items: decisionsOf(report, entity, key).map(decisionBody),
    };
  }

  private entityOf(name: string): EntityClass {
    const classes = this.dataSource.entityMetadatas
      .map(({ target }) => target as unknown as EntityClass)
      .filter((target) => typeof target === 'function' && hasVersion(target));
    const found = classes.find((one) => one.name === name);
    if (found) return found;
    const known = classes.map((one) => one.name).sort();
    const detail = `${this.service} writes no rows of ${name.slice(0, NAME_CHARACTERS)}; it writes those of ${known.join(', ')}.`;
    throw new ProblemError(PROBLEMS.notFound, { detail });
  }

  private alone(): { readonly instances: number; readonly report: ContentionReport } {
    return { instances: 1, report: this.unitOfWork.contention };
  }
}
