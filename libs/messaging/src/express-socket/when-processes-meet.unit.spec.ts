import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { newId } from '@backstep/messages';
import type { OutboxMessage } from '@backstep/outbox';
import { waitUntil } from '@backstep/testing';
import { aMessage, byKafka, folder, Groups, kitchen, later, oven } from './between-processes.fixture.spec.js';
import { addressText } from './address.js';
import { tlsServer, toTls, unixServer } from './channel.js';
import { FRAME, FrameReader, frameOf, messageFrame } from './frames.js';
import { greetingText, Identity } from './identity.js';
import { CONNECTIONS_MAX, FRAME_MAX_BYTES, QUEUE_MAX_BYTES, UNANSWERED_PINGS_MAX } from './limits.js';

/**
 * Goal: processes that Kafka knows hand messages over; whatever else connects, speaks badly, is slow or is silent loses its connection, and nothing
 * else is lost. Method: real sockets, and real lanes to which the spec brings Kafka's copies.
 */
type Oven = Awaited<ReturnType<typeof oven>>;
type Kitchen = Awaited<ReturnType<typeof kitchen>>;

const isKnown = ({ lanes }: Oven, { topic, shard, id }: OutboxMessage): boolean =>
  lanes.laneOf(topic, shard)?.knows(id) === true;

/** The socket of the connection that the oven has taken. */
function incoming({ server }: Oven): Socket {
  const [peer] = [...server['peers']];
  if (!peer) throw new Error('nobody has connected');
  return peer.connection['socket'];
}

/** A kitchen whose lane at the oven is open. */
async function open(
  groups = new Groups(),
  made?: { oven: Oven; kitchen: Kitchen },
): Promise<{ oven: Oven; kitchen: Kitchen }> {
  const to = made?.oven ?? (await oven(groups));
  const from = made?.kitchen ?? (await kitchen(groups));
  await byKafka(to.lanes, to.baked, ...(await from.connected()));
  await waitUntil('the lane is open', async () => {
    const message = aMessage({ value: newId() });
    from.offer(message);
    await waitUntil('it has come', () => to.baked.includes(message.value) || isKnown(to, message));
    if (to.baked.includes(message.value)) return true;
    await byKafka(to.lanes, to.baked, message);
    return false;
  });
  to.baked.length = 0;
  return { oven: to, kitchen: from };
}

const TOKEN = 'a-token-between-services';

describe('a process that hands over', () => {
  it('a process that hands over is heard at once, in order, with one write for what it commits at once', async () => {
    const { oven, kitchen } = await open();
    let chunks = 0;
    incoming(oven).on('data', () => chunks++);
    for (const value of ['1', '2', '3']) expect(kitchen.offer(aMessage({ value }))).toBe(true);
    await waitUntil('they are handled', () => oven.baked.length === 3);
    expect(oven.baked).toEqual(['1', '2', '3']);
    expect(chunks).toBe(1);
  });

  it('a process that hands over does so by TLS, with the token between services', async () => {
    const groups = new Groups();
    const to = await oven(groups, (take) => tlsServer(TOKEN, take));
    const from = await kitchen(groups, ({ tcp = '' }) => toTls(tcp, TOKEN));
    await open(groups, { oven: to, kitchen: from });
    expect(from.offer(aMessage({ value: '1' }))).toBe(true);
    await waitUntil('it is handled', () => to.baked.includes('1'));
  });

  it('a process that hands over with another token does not get in', async () => {
    const groups = new Groups();
    await oven(groups, (take) => tlsServer(TOKEN, take));
    const from = await kitchen(groups, ({ tcp = '' }) => toTls(tcp, 'another-token-of-somebody'));
    await waitUntil('it is refused', () => {
      expect(from.offer(aMessage())).toBe(false);
      return from.closed.length > 0;
    });
    expect(from.hurries).toBe(0);
  });

  it('a process that hands over to one that does not own the shard is told, and asks Kafka who does', async () => {
    const groups = new Groups();
    const { oven, kitchen } = await open(groups);
    await oven.lanes.letGo();
    const [reads, hurries] = [groups.reads, kitchen.hurries];
    kitchen.offer(aMessage());
    await waitUntil('it is told', () => kitchen.hurries > hurries);
    await waitUntil('Kafka is asked', () => groups.reads > reads);
  });

  it('a process that hands over waits for Kafka while its peer does not read, and goes on when it does', async () => {
    const { oven, kitchen } = await open();
    const socket = incoming(oven);
    socket.pause();
    const value = 'x'.repeat(100_000);
    let handed = 0;
    while (kitchen.offer(aMessage({ value }))) handed++;
    expect(handed * value.length).toBeLessThan(QUEUE_MAX_BYTES * 2);
    socket.resume();
    await waitUntil('what was handed over is handled', () => oven.baked.length >= handed);
    const hurries = kitchen.hurries;
    await waitUntil('there is room, and a barrier', () => {
      kitchen.offer(aMessage());
      return kitchen.hurries > hurries;
    });
    expect(kitchen.closed).toEqual([]);
  });

  it('a process that hands over to one that is silent closes the connection, and Kafka is not waited with', async () => {
    const { oven, kitchen } = await open();
    incoming(oven).pause();
    const hurries = kitchen.hurries;
    kitchen.offer(aMessage());
    const [peer] = [...kitchen.peers['peers'].values()];
    for (let beat = 0; beat <= UNANSWERED_PINGS_MAX; beat++) peer?.beat();
    expect(kitchen.closed).toEqual(['it is silent']);
    expect(kitchen.hurries).toBeGreaterThan(hurries);
    expect(kitchen.offer(aMessage())).toBe(false);
  });

  it('a process that hands over connects again, and its next message goes by Kafka first', async () => {
    const { oven, kitchen } = await open();
    kitchen.sockets.at(-1)?.destroy();
    await waitUntil('it is closed', () => kitchen.closed.length > 0);
    oven.baked.length = 0;
    const offered = await kitchen.connected();
    const behind = aMessage({ value: 'behind' });
    kitchen.offer(behind);
    await waitUntil('it has come', () => isKnown(oven, behind));
    expect(oven.baked).toEqual([]);
    await byKafka(oven.lanes, oven.baked, ...offered, behind);
    expect(oven.baked).toEqual([...offered.map(({ value }) => value), 'behind']);
  });

  it('a process that hands over speaks with nobody but the one that Kafka names', async () => {
    const groups = new Groups();
    const { address } = await oven(groups);
    const named = new Identity('oven');
    groups.members.set('g.oven', [
      { address: addressText({ ...address, key: named.key }), assigned: { 'oven.commands': [0] } },
    ]);
    const from = await kitchen(groups);
    await waitUntil('it is closed', () => {
      from.offer(aMessage());
      return from.closed.length > 0;
    });
    expect(from.closed[0]).toBe('another process than asked for');
  });

  it('a process that hands over does not speak with one that names the key of another and has it not', async () => {
    const groups = new Groups();
    const { address } = await oven(groups);
    const { key } = address;
    const path = join(await folder(), 'liar.sock');
    const heard: number[] = [];
    let isGone = false;
    const liar = unixServer((socket) => {
      const reader = new FrameReader();
      socket.on('data', (chunk) => reader.push(chunk, (kind) => heard.push(kind)));
      socket.on('error', () => undefined);
      socket.on('close', () => (isGone = true));
      const claim = greetingText({ ...new Identity('oven').greet(), key }, 'x'.repeat(86));
      socket.write(Buffer.concat([frameOf(FRAME.welcome, claim), frameOf(FRAME.ready)]));
    }).listen({ path });
    later(() => liar.close());
    await once(liar, 'listening');
    const published = addressText({ key, unix: path });
    groups.members.set('g.oven', [{ address: published, assigned: { 'oven.commands': [0] } }]);
    const from = await kitchen(groups);
    await waitUntil('it is closed', () => {
      from.offer(aMessage());
      return from.closed.length > 0;
    });
    expect(from.closed[0]).toBe('a proof that is none');
    await waitUntil('all was heard', () => isGone);
    expect(heard).toEqual([FRAME.hello]);
  });
});

/** Sends bytes to the oven, and waits until it closes the connection. */
async function said(path: string, ...bytes: Buffer[]): Promise<void> {
  const socket = connect({ path });
  socket.on('error', () => undefined);
  socket.resume();
  const closed = new Promise((resolve) => socket.once('close', resolve));
  for (const chunk of bytes) socket.write(chunk);
  await closed;
}

describe('a stranger', () => {
  it('a stranger that no group knows is refused', async () => {
    const groups = new Groups();
    const to = await oven(groups);
    const from = await kitchen(groups);
    groups.members.set('g.kitchen', []);
    await waitUntil('it is closed', () => {
      from.offer(aMessage());
      return from.closed.length > 0;
    });
    expect(to.refusals[0]).toMatch(/no member of the group of kitchen/);
    expect(to.baked).toEqual([]);
  });

  it.each([
    ['bytes that are no frame', Buffer.from('GET / HTTP/1.1\r\n\r\n')],
    ['a message without a proof', messageFrame(aMessage(), 1) ?? Buffer.alloc(0)],
    ['a greeting of another version', frameOf(FRAME.hello, JSON.stringify({ version: 2 }))],
    ['a greeting that is not JSON', frameOf(FRAME.hello, '{')],
    [
      'a proof that is none',
      Buffer.concat([
        frameOf(FRAME.hello, greetingText(new Identity('kitchen').greet())),
        frameOf(FRAME.proof, 'x'.repeat(86)),
      ]),
    ],
  ])('a stranger that sends %s is closed, and others are served', async (_, bytes) => {
    const groups = new Groups();
    const { oven, kitchen } = await open(groups);
    await said(oven.path, bytes);
    expect(kitchen.offer(aMessage({ value: '1' }))).toBe(true);
    await waitUntil('it is handled', () => oven.baked.includes('1'));
  });

  it('a stranger that shows the key of a process without having it is refused', async () => {
    const { oven, kitchen } = await open();
    const { service, key } = kitchen.identity;
    const greeting = { ...new Identity('kitchen').greet(), service, key };
    const hello = frameOf(FRAME.hello, greetingText(greeting));
    await said(
      oven.path,
      hello,
      frameOf(FRAME.proof, 'x'.repeat(86)),
      messageFrame(aMessage({ value: '1' }), 1) ?? hello,
    );
    expect(oven.refusals).toEqual(['a proof that is none']);
    expect(oven.baked).toEqual([]);
  });

  it('a stranger that says who it is, and proves nothing, hands nothing over', async () => {
    const { oven, kitchen } = await open();
    const { service, key } = kitchen.identity;
    const hello = frameOf(FRAME.hello, greetingText({ ...new Identity('kitchen').greet(), service, key }));
    await said(oven.path, hello, messageFrame(aMessage({ value: '1' }), 1) ?? hello);
    expect(oven.refusals).toEqual([`a frame of kind ${FRAME.message} out of turn`]);
    expect(oven.baked).toEqual([]);
  });

  it('a stranger that takes all connections is closed in time', async () => {
    const groups = new Groups();
    const to = await oven(groups);
    const sockets = [...Array(CONNECTIONS_MAX).keys()].map(() =>
      connect({ path: to.path }).on('error', () => undefined),
    );
    await Promise.all(sockets.map((socket) => new Promise((resolve) => socket.once('close', resolve))));
    await open(groups, { oven: to, kitchen: await kitchen(groups) });
  });
});

describe('a peer', () => {
  /** What a peer with a proof sends beside its messages. */
  async function sends(bytes: Buffer): Promise<string | undefined> {
    const { oven, kitchen } = await open();
    kitchen.sockets.at(-1)?.write(bytes);
    await waitUntil('it is closed', () => kitchen.closed.length > 0);
    return oven.refusals[0];
  }
  const frame = (message = aMessage()): Buffer => messageFrame(message, 1) ?? Buffer.alloc(0);

  it('a peer that speaks in the name of another service is closed', async () => {
    const message = aMessage();
    const forged = { ...message, headers: { ...message.headers, ce_source: 'bank' } };
    expect(await sends(frame(forged))).toBe('a message in the name of another service');
  });

  it('a peer that sends to a topic of another service is closed', async () => {
    expect(await sends(frame(aMessage({ topic: 'bank.events' })))).toBe('a topic of another service');
  });

  it('a peer that sends a key of another shard is closed', async () => {
    expect(await sends(frame(aMessage({ shard: 3 })))).toBe('a key of another shard');
  });

  it('a peer that announces too large a frame is closed before the frame has come', async () => {
    const head = frame().subarray(0, 5);
    head.writeUInt32BE(FRAME_MAX_BYTES + 1, 0);
    expect(await sends(head)).toMatch(/a frame of \d+ bytes/);
  });

  it('a peer that asks and does not read the answers is closed', async () => {
    const { oven, kitchen } = await open();
    const socket = kitchen.sockets.at(-1);
    socket?.pause();
    const pings = Buffer.concat([...Array(10_000).keys()].map(() => frameOf(FRAME.ping)));
    await waitUntil('it is closed', () => {
      if (socket?.writable) socket.write(pings);
      return oven.refusals.length > 0;
    });
    expect(oven.refusals[0]).toBe('the peer does not read');
  });

  it('a peer that leaves its group is closed', async () => {
    const groups = new Groups();
    const { oven, kitchen } = await open(groups);
    groups.members.set('g.kitchen', []);
    await oven.server['parts'].directory.refresh();
    await waitUntil('it is closed', () => kitchen.closed.length > 0);
    expect(oven.refusals[0]).toMatch(/no member of its group any more/);
  });
});
