import { setTimeout as delay } from 'node:timers/promises';
import { checkShop, openShop } from '../business/schema.js';
import { startTimedPostgres } from '../commit-times.js';
import type { RunningSystem } from '../compared-system.js';
import { startProgram, startProvider } from '../programs.js';
import { startedOrEnded } from '../teardown.js';
import { restateServer } from './install.js';
import { startServer } from './server.js';

const REGISTERED_WITHIN_MS = 30_000;
const TRY_AGAIN_AFTER_MS = 200;

/** Restate's server, a process that takes orders, one that runs their sagas, and the shop's database. */
export const startRestate = (): Promise<RunningSystem> =>
  startedOrEnded(async (teardown) => {
    const postgres = teardown.add(await startTimedPostgres());
    const shop = await postgres.database('shop');
    await openShop(shop);
    const provider = teardown.add(await startProvider());
    const settings = { DATABASE_URL: shop, PROVIDER_URL: provider.url };
    const server = teardown.add(await startServer(await restateServer()));
    const saga = teardown.add(await startProgram('restate/saga.js', { ...settings, RESTATE_LOGGING: 'ERROR' }));
    await register(server.adminUrl, saga.url);
    const front = teardown.add(
      await startProgram('restate/front.js', { ...settings, INGRESS_URL: server.ingressUrl }, '/health'),
    );
    return {
      ordersUrl: front.url,
      databaseUrl: shop,
      pids: () => ({
        node: [front.pid, saga.pid],
        engine: [server.pid],
        postgres: [postgres.pid],
        provider: [provider.pid],
      }),
      check: () => checkShop(shop),
      stop: () => teardown.stop(),
    };
  });

/** Tells the server where the saga is. @throws Error with its answer when it does not take that in time */
async function register(adminUrl: string, sagaUrl: string): Promise<void> {
  const until = performance.now() + REGISTERED_WITHIN_MS;
  for (;;) {
    const response = await fetch(`${adminUrl}/deployments`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ uri: sagaUrl }),
    });
    const answer = await response.text();
    if (response.ok) return;
    if (performance.now() > until) throw new Error(`Restate does not take the saga: ${response.status} ${answer}`);
    await delay(TRY_AGAIN_AFTER_MS);
  }
}
