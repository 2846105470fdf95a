import { HOST_PROCESS, type Host } from './hosts.js';
import { CONSUMER_GROUPS, DATABASES, PROCESS_NAMES, urlOf, type Deployment, type ProcessName } from './topology.js';

/** What `backstep env --json` prints, the passwords hidden there. */
export interface RunningEnvironment {
  /** Which system it is, as `/health/live` of its gateway tells; undefined when that is not known. */
  readonly instance?: string | undefined;
  readonly gateway: string;
  /** Of several hosts: the gateway of each, by the name of the host. `gateway` is that of the first. */
  readonly gateways?: Readonly<Record<string, string>> | undefined;
  readonly provider: string;
  /** URLs of the first instances; those in containers have none that is reached from outside. */
  readonly services: Readonly<Record<string, string>>;
  /** URLs with password, by service, each of its own role. */
  readonly databases: Readonly<Record<string, string>>;
  readonly kafka: { readonly brokers: readonly string[] };
  readonly topics: readonly string[];
  readonly consumerGroups: readonly string[];
  /**
   * Pids by what runs, first instance first; `kafka` and `postgres` only when they are the embedded ones, and none in containers. Of services
   * that run in hosts, `host` has the pids.
   */
  readonly processes: Readonly<Record<string, readonly number[]>>;
}

const RUNNING_NAMES = [...PROCESS_NAMES, 'kafka', 'postgres', HOST_PROCESS];

/** @param running what runs now, all instances. @param hosts where services run together */
export function describeRunning(
  deployment: Deployment,
  topics: readonly string[],
  running: readonly { readonly name: string; readonly pid: number }[],
  hosts: readonly Host[] = [],
): RunningEnvironment {
  const url = (name: ProcessName): string => urlOf(deployment.ports[name]);
  const pids = (name: string): number[] =>
    running
      .filter((child) => new RegExp(`^${name}(-\\d+)?$`).test(child.name))
      .sort((a, b) => a.name.localeCompare(b.name))
      .map(({ pid }) => pid);
  return {
    instance: deployment.instance,
    gateway: url('gateway'),
    ...(hosts.length > 1 && {
      gateways: Object.fromEntries(hosts.map(({ name, ports }) => [name, urlOf(ports.gateway)])),
    }),
    provider: url('payment-provider'),
    services: Object.fromEntries(DATABASES.map(({ process }) => [process, url(process)])),
    databases: Object.fromEntries(
      DATABASES.map(({ process, database }) => [process, deployment.databases[database] ?? '']),
    ),
    kafka: { brokers: deployment.brokers },
    topics,
    consumerGroups: CONSUMER_GROUPS,
    processes: Object.fromEntries(
      RUNNING_NAMES.map((name) => [name, pids(name)] as const).filter(
        ([name, running]) => name !== HOST_PROCESS || running.length > 0,
      ),
    ),
  };
}
