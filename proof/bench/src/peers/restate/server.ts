import { freePort, HOST, startBound, urlOf, type BoundProcess } from '@backstep/infrastructure';
import { answers, bareEnvironment } from '../programs.js';

const READY_WITHIN_MS = 60_000;
/** One log for all orders, as there is one PostgreSQL; the server's default of 24 is for many cores. */
const PARTITIONS = 1;

export interface RestateServer extends BoundProcess {
  readonly ingressUrl: string;
  readonly adminUrl: string;
}

/** Restate's server with its own settings but for the ports and {@link PARTITIONS}; its log is synced to the disk. Its data go when it ends. */
export async function startServer(binary: string): Promise<RestateServer> {
  const [ingress, admin, node] = [await freePort(), await freePort(), await freePort()];
  const adminUrl = urlOf(admin);
  const bound = await startBound({
    name: 'restate-server',
    command: binary,
    args: (dir) => ['--no-logo', '--base-dir', dir],
    env: {
      ...bareEnvironment(),
      RESTATE_DISABLE_TELEMETRY: 'true',
      RESTATE_LOG_FILTER: 'warn',
      RESTATE_LISTEN_MODE: 'tcp',
      RESTATE_BIND_IP: HOST,
      RESTATE_ADVERTISED_HOST: HOST,
      RESTATE_BIND_PORT: String(node),
      RESTATE_INGRESS__BIND_PORT: String(ingress),
      RESTATE_ADMIN__BIND_PORT: String(admin),
      RESTATE_DEFAULT_NUM_PARTITIONS: String(PARTITIONS),
    },
    ready: () => answers(`${adminUrl}/health`),
    readyWithinMs: READY_WITHIN_MS,
  });
  return { ...bound, adminUrl, ingressUrl: urlOf(ingress) };
}
