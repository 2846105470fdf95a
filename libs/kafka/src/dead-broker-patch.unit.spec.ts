import { createRequire } from 'node:module';
import { describe, expect, it } from '@jest/globals';
import { original } from './dead-broker-patch.js';
import { isTransient } from './errors.js';

/** Goal: one dead broker of several stops no client. Method: kafkajs' own functions, on pools in which some brokers cannot be reached. */
const load = createRequire(import.meta.url);
interface Found {
  readonly nodeId: string;
}
type WithBroker = (callback: (found: Found) => Promise<string>) => Promise<string | null>;
const { prototype: pool } = load('kafkajs/src/cluster/brokerPool.js') as { prototype: { withBroker: WithBroker } };
const { prototype: cluster } = load('kafkajs/src/cluster/index.js') as {
  prototype: { findBroker(which: Found): Promise<unknown> };
};
const { KafkaJSConnectionError } = load('kafkajs/src/errors.js') as {
  KafkaJSConnectionError: new (message: string, details: object) => Error;
};
const { version } = load('kafkajs/package.json') as { version: string };

const unresolved = () => new KafkaJSConnectionError('getaddrinfo ENOTFOUND kafka-2', { code: 'ENOTFOUND' });

function poolOf(dead: readonly string[], asked: string[] = []) {
  const broker = (nodeId: string) => ({ nodeId, isConnected: () => nodeId === '3' });
  return {
    brokers: Object.fromEntries(['1', '2', '3'].map((nodeId) => [nodeId, broker(nodeId)])),
    findBroker: ({ nodeId }: Found) => {
      asked.push(nodeId);
      return dead.includes(nodeId) ? Promise.reject(unresolved()) : Promise.resolve(broker(nodeId));
    },
  };
}

const answered = async ({ nodeId }: Found): Promise<string> => Promise.resolve(nodeId);
const DRAWS = 50;

describe('a request that any broker can answer', () => {
  it('a request that any broker can answer is answered by a live one, whichever are dead', async () => {
    for (let draw = 0; draw < DRAWS; draw++) {
      expect(await pool.withBroker.call(poolOf(['1', '2']), answered)).toBe('3');
      expect(await pool.withBroker.call(poolOf(['1', '3']), answered)).toBe('2');
    }
  });

  it('a connected broker is asked before one that is not connected', async () => {
    const asked: string[] = [];
    await pool.withBroker.call(poolOf([], asked), answered);
    expect(asked).toEqual(['3']);
  });

  it('a request fails with the reason why no broker was reached, when all are dead', async () => {
    await expect(pool.withBroker.call(poolOf(['1', '2', '3']), answered)).rejects.toThrow('ENOTFOUND');
  });

  it(`kafkajs ${version} still fails when it draws a dead broker; when this fails, delete dead-broker-patch.ts`, async () => {
    const draws = Array.from({ length: DRAWS }, () =>
      (original.withBroker as unknown as WithBroker).call(poolOf(['1', '2']), answered),
    );
    expect((await Promise.allSettled(draws)).some(({ status }) => status === 'rejected')).toBe(true);
  });
});

describe('a coordinator that cannot be reached', () => {
  it('a coordinator that cannot be reached is looked up again, whatever the cause', async () => {
    const refreshed: string[] = [];
    const of = {
      brokerPool: poolOf(['2']),
      refreshMetadata: () => Promise.resolve(refreshed.push('metadata')),
    };
    await expect(cluster.findBroker.call(of, { nodeId: '2' })).rejects.toMatchObject({ code: 'ECONNREFUSED' });
    expect(refreshed).toEqual(['metadata']);
  });
});

describe('a coordinator that is gone', () => {
  interface Member {
    heartbeat(which: { interval: number }): Promise<void>;
  }
  const Group = load('kafkajs/src/consumer/consumerGroup.js') as new (options: object) => Member;
  const { isKafkaJSError } = load('kafkajs/src/errors.js') as { isKafkaJSError(error: unknown): boolean };
  /** A member of a group whose coordinator cannot be reached. */
  function member(): Member {
    const logger = { namespace: () => logger };
    const made = new Group({ logger, cluster: {}, topics: [], topicConfigurations: {}, assigners: [], retry: {} });
    const coordinator = { heartbeat: () => Promise.reject(unresolved()) };
    return Object.assign(made, { memberId: 'm', lastRequest: 0, coordinator });
  }

  it('a heartbeat to a coordinator that is gone ends the consumer at once, with an error that allows the next', async () => {
    const failure: unknown = await member()
      .heartbeat({ interval: 1 })
      .catch((error: unknown) => error);
    // The runner of kafkajs does not retry after an error of this name.
    expect(failure).toMatchObject({ name: 'KafkaJSNoBrokerAvailableError', cause: { name: 'KafkaJSConnectionError' } });
    expect(isTransient(failure)).toBe(true);
  });

  it(`kafkajs ${version} still retries a heartbeat to a dead coordinator; when this fails, delete that part of the patch`, async () => {
    const failure: unknown = await original.heartbeat.call(member(), { interval: 1 }).catch((error: unknown) => error);
    expect(isKafkaJSError(failure)).toBe(true);
    expect(failure).toMatchObject({ name: 'KafkaJSConnectionError', retriable: true });
  });
});
