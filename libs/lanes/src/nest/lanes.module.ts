import { Database, MESSAGING_LOGGER, type MessagingLogger } from '@backstep/messaging';
import { NamedLocks } from '@backstep/locks';
import { UnitOfWork } from '@backstep/unit-of-work';
import { Inject, Module, type DynamicModule } from '@nestjs/common';
import { Lane } from '../lane.js';
import type { LaneDefinition } from '../lane-definition.js';
import { ownerBy, type LaneOwner } from '../lane-owner.js';
import { LanesMetrics } from './lanes-metrics.js';
import { LanesRunner } from './lanes-runner.js';
import { DEFINITIONS, LANES, OWNER } from './tokens.js';

/** Injects a lane: `constructor(@InjectLane(moves) private readonly lane: Lane<Move, Left>) {}`. */
export const InjectLane = ({ token }: Pick<LaneDefinition, 'token'>): ParameterDecorator =>
  Inject(token) as ParameterDecorator;

/**
 * Puts lanes into an application with messaging: their workers, metrics and purge.
 *
 *     @Module({ imports: [MessagingModule.forRoot({ entities: [Jar, ...LANE_ENTITIES], migrations: [...UNIT_OF_WORK_MIGRATIONS, ...NAMED_LOCK_MIGRATIONS, ...LANE_MIGRATIONS], … }),
 *       LanesModule.forRoot({ lanes: [moves] })] })
 *
 * Several processes may run the same lanes.
 */
@Module({})
export class LanesModule {
  /** @throws Error when two lanes have one name */
  static forRoot({ lanes }: { readonly lanes: readonly LaneDefinition[] }): DynamicModule {
    const names = lanes.map(({ name }) => name);
    const twice = names.find((name, at) => names.indexOf(name) < at);
    if (twice !== undefined) throw new Error(`there are two lanes ${twice}`);
    return {
      module: LanesModule,
      global: true,
      providers: [
        { provide: DEFINITIONS, useValue: lanes },
        {
          provide: OWNER,
          useFactory: ({ executor }: Database, logger: MessagingLogger) =>
            ownerBy(new NamedLocks({ executor, failed: (what, error) => logger.warn(`could not ${what}`, { error }) })),
          inject: [Database, MESSAGING_LOGGER],
        },
        ...lanes.map((definition) => ({
          provide: definition.token,
          useFactory: (
            unitOfWork: UnitOfWork,
            { executor }: Database,
            owner: LaneOwner,
            metrics: LanesMetrics,
            logger: MessagingLogger,
          ) => {
            const failed = (key: string, error: unknown): void => {
              metrics.failed.inc({ lane: definition.name });
              logger.warn('an entry of a lane could not be applied', { lane: definition.name, entry: key, error });
            };
            return new Lane(definition, { unitOfWork, executor, owner, observer: { failed } });
          },
          inject: [UnitOfWork, Database, OWNER, LanesMetrics, MESSAGING_LOGGER],
        })),
        { provide: LANES, useFactory: (...all: Lane[]) => all, inject: lanes.map(({ token }) => token) },
        LanesMetrics,
        LanesRunner,
      ],
      exports: lanes.map(({ token }) => token),
    };
  }
}
