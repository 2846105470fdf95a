import { start, type Wanted } from '../../system/start.js';
import { startTimedPostgres } from '../commit-times.js';
import type { RunningSystem } from '../compared-system.js';
import { startedOrEnded } from '../teardown.js';
import { askDoctor } from './doctor.js';

/** Not services: the rest of what runs is. */
const NOT_NODE = new Set(['kafka', 'postgres', 'payment-provider']);

/** How one variant of Backstep is run. */
export type BackstepVariant = Omit<Wanted, 'databaseUrl' | 'profiles'>;

/** Starts the whole system with its databases on a PostgreSQL as the others have it. */
export const startBackstep =
  (variant: BackstepVariant) =>
  (signal: AbortSignal): Promise<RunningSystem> =>
    startedOrEnded(async (teardown) => {
      const postgres = teardown.add(await startTimedPostgres());
      const wanted = { ...variant, profiles: undefined, databaseUrl: postgres.url };
      const started = teardown.add(await start(wanted, signal));
      const { system, outcomes, dir } = started;
      // How orders end is asked of the database here: nobody else shall read the topics.
      await outcomes.stop();
      return {
        ordersUrl: system.gatewayUrl,
        databaseUrl: system.environment().databases['order'] ?? '',
        pids: () => {
          const { processes } = system.environment();
          const names = Object.keys(processes).filter((name) => !NOT_NODE.has(name));
          return {
            node: names.flatMap((name) => processes[name] ?? []),
            engine: processes['kafka'] ?? [],
            postgres: [postgres.pid],
            provider: processes['payment-provider'] ?? [],
          };
        },
        check: () => askDoctor(dir),
        stop: () => teardown.stop(),
      };
    });
