import { mkdtemp, rm } from 'node:fs/promises';
import { once } from 'node:events';
import type { Server, Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach } from '@jest/globals';
import type { MembersOf } from '@backstep/kafka';
import { newId } from '@backstep/messages';
import type { OutboxMessage } from '@backstep/outbox';
import { ExpressLanes } from '@backstep/unit-of-work';
import { waitUntil } from '@backstep/testing';
import { addressText } from './address.js';
import { toUnix, unixServer } from './channel.js';
import { Directory } from './directory.js';
import { Peers } from './elsewhere.js';
import { Identity } from './identity.js';
import { ExpressServer } from './server.js';

/* What the specs of express between processes share (no spec itself): a reader, the oven, and writers, over real sockets. */

export const TOPIC = 'oven.commands';

export const aMessage = (changes: Partial<OutboxMessage> = {}): OutboxMessage => {
  const id = newId();
  return {
    ...{ id, topic: TOPIC, shard: 0, key: 'k', value: '{}', bytes: 2 },
    headers: { ce_id: id, ce_type: 'Bake', ce_source: 'kitchen' },
    ...changes,
  };
};

/** What the coordinators of the groups say, as the spec has it. */
export class Groups {
  readonly members = new Map<string, MembersOf>();
  reads = 0;
  read(groups: readonly string[]): Promise<ReadonlyMap<string, MembersOf>> {
    this.reads++;
    return Promise.resolve(new Map([...this.members].filter(([group]) => groups.includes(group))));
  }
}

export const directoryOf = (groups: Groups): Directory =>
  new Directory({
    groups: new Map([
      ['oven', 'g.oven'],
      ['kitchen', 'g.kitchen'],
    ]),
    members: groups,
  });

const closing: (() => unknown)[] = [];
export const later = (close: () => unknown): void => void closing.unshift(close);
afterEach(async () => {
  for (const close of closing.splice(0)) await close();
});

export async function folder(): Promise<string> {
  const path = await mkdtemp(join(tmpdir(), 'express-'));
  later(() => rm(path, { recursive: true }));
  return path;
}

/** A process that is never busy, so that no message waits for others. */
const IDLE = { now: () => 0, scheduled: () => ({ ranMs: 0, waitedMs: 0 }), after: () => undefined };

/** The oven: all of its lanes are open once Kafka has brought what they wait for. */
export function lanesOf(baked: string[], isCurrent = (): boolean => true): ExpressLanes {
  const run = ({ value }: OutboxMessage): Promise<boolean> => Promise.resolve(baked.push(value) > 0);
  const handles = ({ headers }: { readonly headers: Readonly<Record<string, string>> }): boolean =>
    headers['ce_type'] === 'Bake';
  const lanes = new ExpressLanes({ topics: [TOPIC], handles, concerns: () => true, run }, { isCurrent, clock: IDLE });
  lanes.own([0]);
  return lanes;
}

/** As a consumer with Kafka's copy. */
export async function byKafka(lanes: ExpressLanes, baked: string[], ...messages: OutboxMessage[]): Promise<void> {
  const batch = messages.map(({ topic, shard: partition, key, headers, value }) => ({
    ...{ topic, partition, key, headers, value },
    ...{ offset: '0', timestamp: 0, unreadable: undefined },
  }));
  const left = await lanes.arrived(batch);
  for (const { value } of left) baked.push(value ?? '');
  lanes.settled(left);
}

/** A process that reads, at a socket of its own. */
export async function oven(groups: Groups, listen: (take: (socket: Socket) => void) => Server = unixServer) {
  const baked: string[] = [];
  const lanes = lanesOf(baked);
  const identity = new Identity('oven');
  const refusals: string[] = [];
  const server = new ExpressServer({
    ...{ identity, lanes, directory: directoryOf(groups), shardOf: () => 0 },
    mayWrite: (service, topic) => service === 'kitchen' && topic === TOPIC,
    refused: (_, reason) => refusals.push(reason),
  });
  const path = join(await folder(), 'oven.sock');
  const listening = listen(server.take).listen(listen === unixServer ? { path } : { host: '127.0.0.1', port: 0 });
  await once(listening, 'listening');
  server.serve(listening);
  later(() => server.close());
  const where = listening.address();
  const tcp = typeof where === 'object' ? `127.0.0.1:${where?.port}` : undefined;
  const address = { key: identity.key, ...(tcp === undefined ? { unix: path } : { tcp }) };
  groups.members.set('g.oven', [{ address: addressText(address), assigned: { [TOPIC]: [0] } }]);
  return { baked, lanes, server, refusals, path, address };
}

/** A process that writes. */
export async function kitchen(
  groups: Groups,
  connect: (address: { readonly unix?: string | undefined; readonly tcp?: string | undefined }) => Socket = ({
    unix = '',
  }) => toUnix(unix),
  service = 'kitchen',
) {
  const identity = new Identity(service);
  groups.members.set(`g.${service}`, [{ address: addressText({ key: identity.key }), assigned: {} }]);
  const directory = directoryOf(groups);
  const closed: string[] = [];
  let hurries = 0;
  const sockets: Socket[] = [];
  const peers = new Peers({
    identity,
    directory,
    connect: (address) => {
      const socket = connect(address);
      sockets.push(socket);
      return socket;
    },
    closed: (_, reason) => closed.push(reason),
  });
  peers.onHurry(() => hurries++);
  later(() => peers.close());
  await directory.refresh();
  const offer = (message: OutboxMessage): boolean => peers.offer('oven', message, peers.count(message));
  return {
    ...{ identity, peers, directory, closed, sockets, offer },
    get hurries() {
      return hurries;
    },
    /** Offers messages until one is written, which is the barrier. @returns it, and those before it */
    async connected(): Promise<OutboxMessage[]> {
      const offered: OutboxMessage[] = [];
      const before = hurries;
      await waitUntil('the peer answers that it waits for Kafka', () => {
        if (hurries > before) return true;
        offered.push(aMessage({ value: `first-${offered.length}` }));
        offer(offered.at(-1) as OutboxMessage);
        return false;
      });
      return offered;
    },
  };
}
