import { freePort } from './ports.js';
import type { Deployment, Ports, ProcessName } from './topology.js';
import { instanceName, ownSettings, PROCESS_NAMES, processOf, settingsOfAll } from './topology.js';

/** A process of several services, by the names under which it runs: `host`, `host-2`. Its code is `apps/host`. */
export const HOST_PROCESS = 'host';
export const HOST_MAIN = `apps/${HOST_PROCESS}/dist/main.js`;

/** What runs in a host: the gateway and the services. The stand-in for the provider is somebody else's system. */
export const HOSTED: readonly ProcessName[] = PROCESS_NAMES.filter((name) => name !== 'payment-provider');

/** More say nothing more, and a machine with two cores holds no more. */
export const HOSTS_MAX = 4;

/** A host, and where its services listen. */
export interface Host {
  readonly name: string;
  readonly ports: Ports;
}

/** The first has the topology's ports, the others free ones. */
export const hostsOf = (count: number, ports: Ports): Promise<Host[]> =>
  Promise.all(
    Array.from({ length: count }, async (_, index) => {
      const name = instanceName(HOST_PROCESS, index);
      if (index === 0) return { name, ports };
      const own = await Promise.all(HOSTED.map(async (service) => [service, await freePort()] as const));
      return { name, ports: { ...ports, ...Object.fromEntries(own) } };
    }),
  );

/** What services that share a process have beside what they have apart, unless the environment says otherwise: they hand their messages over. */
const TOGETHER = { EXPRESS: 'true' } as const;

/** The variables of each service under the service's prefix, as a host reads them. */
export const prefixed = (name: ProcessName, settings: Readonly<Record<string, string>>): Record<string, string> =>
  Object.fromEntries(Object.entries(settings).map(([key, value]) => [`${processOf(name).variable}_${key}`, value]));

/**
 * The environment of one host.
 * @param name tells the host from others: the consumer groups deal their shards by it
 * @param ports where its services listen; its gateway asks these, not those of another host
 */
export function environmentOfHost(name: string, ports: Ports, deployment: Deployment): NodeJS.ProcessEnv {
  const own = { ...deployment, ports };
  return {
    ...TOGETHER,
    ...settingsOfAll(own),
    SERVICE_NAME: HOST_PROCESS,
    BACKSTEP_HOST: name,
    BACKSTEP_SERVICES: HOSTED.join(','),
    ...Object.assign({}, ...HOSTED.map((service) => prefixed(service, ownSettings(service, ports[service], own)))),
  };
}

/** The pids of the processes in which a service runs, first instance first: its own, or the hosts. */
export const pidsOf = (processes: Readonly<Record<string, readonly number[]>>, name: string): readonly number[] => {
  const own = processes[name] ?? [];
  return own.length > 0 ? own : (processes[HOST_PROCESS] ?? []);
};
