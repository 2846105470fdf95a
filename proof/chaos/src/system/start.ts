import { mkdtempSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { TOPICS } from '@backstep/contracts';
import {
  DATABASES,
  freePort,
  HOST_PROCESS,
  HOSTED,
  PortTakenError,
  PORT_NAMES,
  PROCESS_NAMES,
  ROOT,
  startSystem,
  type System,
} from '@backstep/infrastructure';
import { createTopics } from '@backstep/kafka';
import type { Story } from '../story.js';
import { clockAt, CLOCKS_ARE } from './clock.js';
import { familyOf, signalAll } from './family.js';
import { Keeper } from './keeper.js';
import { endsOf, Links, type LinkName } from './links.js';

/** The design's promise after the loss of Kafka's disk is one of time: shorter here, so that a run of two minutes sees it kept. */
const ANNOUNCE_AGAIN_AFTER_MS = 10_000;

/** A free port is not reserved: another run on this machine may take it first. */
const START_ATTEMPTS = 3;

/** Compiled, also when this file runs under Jest: the services are plain Node. */
const PRELOAD = pathToFileURL(join(ROOT, 'proof', 'chaos', 'dist', 'inside', 'preload.js')).href;

export const SERVICES = DATABASES.map(({ process }) => process);

/** Names of the processes of one kind: `order`, `order-2`. */
export const instancesOf = (kind: string, count: number): string[] =>
  Array.from({ length: count }, (_, index) => (index === 0 ? kind : `${kind}-${index + 1}`));

/** Whether a kind of service runs in a host, when there are hosts. */
const isHosted = (kind: string): boolean => (HOSTED as readonly string[]).includes(kind);

/** Of processes as they are named apart, those in which they run: `order-2` is part of `host-2`. */
export function inHosts(names: readonly string[], hosts: number | undefined): string[] {
  if (hosts === undefined) return [...names];
  const hostOf = (name: string): string => {
    const [, kind = name, number = ''] = /^(.+?)(-\d+)?$/.exec(name) ?? [];
    return isHosted(kind) ? HOST_PROCESS + number : name;
  };
  return [...new Set(names.map(hostOf))];
}

export interface Started {
  readonly dir: string;
  readonly system: System;
  readonly keeper: Keeper;
  readonly links: Links;
  /** The processes of a kind: `order`, `order-2`; the hosts, where services run together. */
  processesOf(kind: string): readonly string[];
  /** Makes the wall clock of one kind of service wrong by so much; 0 is right again. */
  stepClock(kind: string, offsetMs: number): Promise<void>;
  /** Ends everything. The folder stays until `remove`. */
  stop(): Promise<void>;
  remove(): Promise<void>;
}

export interface Wanted {
  /** Of each service with a database. */
  readonly instances: number;
  /** So many processes of all services instead. */
  readonly hosts?: number | undefined;
  /** Services hand over from process to process. */
  readonly sockets?: boolean;
  readonly links: Iterable<LinkName>;
  /** Kinds whose clock will step. */
  readonly clocks: readonly string[];
}

/** The whole system, on ports and in a folder of its own; some of its connections lead through links. */
export async function start(wanted: Wanted, story: Story, signal?: AbortSignal): Promise<Started> {
  for (let attempt = 1; ; attempt++) {
    try {
      return await startOnFreePorts(wanted, story, signal);
    } catch (error) {
      if (!(error instanceof PortTakenError) || attempt === START_ATTEMPTS) throw error;
      story.tell('somebody else has taken one of the ports meanwhile: it starts on others');
    }
  }
}

async function startOnFreePorts(
  { instances, hosts, sockets = false, links: names, clocks: ofKinds }: Wanted,
  story: Story,
  signal?: AbortSignal,
): Promise<Started> {
  const dir = mkdtempSync(join(tmpdir(), 'backstep-chaos-'));
  const port = Object.fromEntries(await Promise.all(PORT_NAMES.map(async (name) => [name, await freePort()] as const)));
  const links = await Links.open(names, port);
  // Services of one process have one clock, and their connections go the same ways.
  const processOf = (kind: string): string => (hosts !== undefined && isHosted(kind) ? HOST_PROCESS : kind);
  const clocks = [...new Set(ofKinds.map(processOf))];
  const stepped = new Map(
    await Promise.all(clocks.map(async (kind) => [kind, await clockAt(join(dir, `clock-${kind}`))] as const)),
  );
  if (stepped.size > 0) story.tell(`clocks of ${clocks.join(', ')}: ${CLOCKS_ARE}`);
  const kinds = new Set([...clocks, ...[...names].map((name) => processOf(endsOf(name).from))]);
  const preloads = [...kinds].map((kind) => {
    const environment = {
      NODE_OPTIONS: `--import ${PRELOAD}`,
      ...links.detoursOf((from) => processOf(from) === kind, port),
      ...stepped.get(kind)?.environment,
    };
    return [kind, environment] as const;
  });
  const environment: Record<string, Record<string, string>> = Object.fromEntries(preloads);
  environment['order'] = { ...environment['order'], ANNOUNCE_AGAIN_AFTER_MS: String(ANNOUNCE_AGAIN_AFTER_MS) };
  const express = { EXPRESS: String(sockets) };
  if (hosts === undefined)
    for (const service of SERVICES) environment[service] = { ...environment[service], ...express };
  // Webhooks as bad as they come.
  environment['payment-provider'] = { ...environment['payment-provider'], WEBHOOKS: 'unruly' };
  try {
    const system = await startSystem({
      dir,
      port,
      ports: 'free',
      topics: TOPICS.map(({ name }) => name),
      createTopics: (brokers) => createTopics(brokers, TOPICS),
      ...(hosts === undefined
        ? { instances: Object.fromEntries(SERVICES.map((service) => [service, instances])) }
        : { hosts }),
      environment,
      ...(signal ? { signal } : {}),
    });
    const processesOf = (kind: string): string[] => {
      const several = hosts === undefined ? (SERVICES as readonly string[]).includes(kind) : isHosted(kind);
      return inHosts(instancesOf(kind, several ? (hosts ?? instances) : 1), hosts);
    };
    const all = [...new Set(PROCESS_NAMES.flatMap(processesOf))];
    const keeper = new Keeper(system, dir, [...all, 'kafka', 'postgres'], story);
    return {
      dir,
      system,
      keeper,
      links,
      processesOf,
      stepClock: async (kind, offsetMs) => stepped.get(processOf(kind))?.step(offsetMs),
      stop: async () => {
        await keeper.stop();
        // A stopped process cannot end well, and would be waited for.
        const server = keeper.running().get('postgres');
        if (server !== undefined) signalAll(await familyOf(server), 'SIGCONT');
        keeper.signal(keeper.names, 'SIGCONT');
        await system.stop();
        await links.close();
      },
      remove: () => rm(dir, { recursive: true, force: true }),
    };
  } catch (error) {
    await links.close();
    story.tell(`the system did not start; its logs are in ${join(dir, 'logs')}`);
    throw error;
  }
}
