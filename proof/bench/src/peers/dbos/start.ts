import { checkShop, openShop } from '../business/schema.js';
import { startTimedPostgres } from '../commit-times.js';
import type { RunningSystem } from '../compared-system.js';
import { startProgram, startProvider } from '../programs.js';
import { startedOrEnded } from '../teardown.js';

/** One process for orders and workflows, the shop's database, and DBOS' own on the same server. */
export const startDbos = (): Promise<RunningSystem> =>
  startedOrEnded(async (teardown) => {
    const postgres = teardown.add(await startTimedPostgres());
    const [shop, own] = [await postgres.database('shop'), await postgres.database('dbos')];
    await openShop(shop);
    const provider = teardown.add(await startProvider());
    const settings = { DATABASE_URL: shop, DBOS_DATABASE_URL: own, PROVIDER_URL: provider.url };
    const app = teardown.add(await startProgram('dbos/app.js', settings, '/health'));
    return {
      ordersUrl: app.url,
      databaseUrl: shop,
      pids: () => ({ node: [app.pid], engine: [], postgres: [postgres.pid], provider: [provider.pid] }),
      check: () => checkShop(shop),
      stop: () => teardown.stop(),
    };
  });
