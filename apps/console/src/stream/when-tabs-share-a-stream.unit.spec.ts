import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { waitUntil } from '@backstep/testing';
import { type FromTab, StreamHub, type ToTab } from './hub.js';
import type { Wish } from './wish.js';

/**
 * Goal: all tabs of a browser share one stream, which goes on where it was when it is cut off, and says what it could not tell.
 * Method: the hub with real ports and a real server, which speaks as the gateway does and cuts off when it is told to.
 */
interface Stream {
  readonly request: IncomingMessage;
  readonly response: ServerResponse;
}

let server: Server;
let hub: StreamHub;
let streams: Stream[] = [];
let tabs: Tab[] = [];
/** The status of the next answers; 200 when there is none. */
let refusals: number[] = [];

beforeEach(async () => {
  streams = [];
  tabs = [];
  refusals = [];
  server = createServer((request, response) => {
    const status = refusals.shift() ?? 200;
    response.writeHead(status, { 'content-type': 'text/event-stream' });
    streams.push({ request, response });
    if (status !== 200) response.end();
    else response.write('retry: 2000\n\n');
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  hub = new StreamHub(`http://127.0.0.1:${(server.address() as AddressInfo).port}`);
});
afterEach(async () => {
  for (const tab of tabs) tab.leave();
  hub.end();
  server.closeAllConnections();
  await new Promise((resolve) => server.close(resolve));
});

class Tab {
  readonly told: ToTab[] = [];
  /** It draws, until `drawn`. */
  isSlow = false;
  private readonly port: MessagePort;
  private readonly others: MessagePort;

  constructor(private wish: Wish = {}) {
    const { port1, port2 } = new MessageChannel();
    this.port = port2;
    this.others = port1;
    hub.attach(port1);
    port2.onmessage = ({ data }: MessageEvent<ToTab>) => {
      this.told.push(data);
      if (data.batch && !this.isSlow) this.drawn();
    };
    tabs.push(this);
    this.say();
  }

  say(change: { readonly wish?: Wish; readonly isVisible?: boolean; readonly token?: string } = {}): void {
    this.wish = change.wish ?? this.wish;
    this.post({ kind: 'here', tab: { isVisible: true, token: undefined, ...change, wish: this.wish } });
  }

  drawn(): void {
    this.post({ kind: 'drawn' });
  }

  gone(): void {
    this.post({ kind: 'gone' });
  }

  leave(): void {
    this.port.close();
    this.others.close();
  }

  get orders(): string[] {
    return this.told.flatMap(({ batch }) => (batch?.orders ?? []).map(({ id, version }) => `${id} v${version}`));
  }

  get messages(): (string | null)[] {
    return this.told.flatMap(({ batch }) => (batch?.messages ?? []).map(({ key }) => key));
  }

  /** How often it was told to read again what it shows of orders. */
  get gaps(): number {
    return this.told.filter(({ batch }) => batch?.gap.orders).length;
  }

  get status(): string | undefined {
    return this.told.at(-1)?.state.status;
  }

  private post(said: FromTab): void {
    this.port.postMessage(said);
  }
}

const streamNumber = (number: number): Promise<Stream> =>
  waitUntil(`stream ${number} is open`, () => streams[number - 1]) as Promise<Stream>;
const order = (id: string, version: number, at: string): string =>
  `event: order\nid: ${at}\ndata: ${JSON.stringify({ id, version, status: 'CONFIRMED' })}\n\n`;
const aboutOrder = (key: string, at: string): string => `id: ${at}\ndata: ${JSON.stringify({ key, headers: {} })}\n\n`;
const live = (at: string): string => `: live\nid: ${at}\n\n`;

describe('tabs of one browser', () => {
  it('two tabs have one stream, and both are told', async () => {
    const [one, other] = [new Tab(), new Tab()];
    const { request, response } = await streamNumber(1);
    expect([request.url, request.headers['last-event-id']]).toEqual(['/v1/stream?watch=tick,orders', undefined]);
    response.write(live('1') + order('a', 2, '2'));
    for (const tab of [one, other]) await waitUntil('it is told', () => tab.orders.includes('a v2'));
    expect(streams).toHaveLength(1);
    expect(one.status).toBe('live');
  });

  it('a stream that is cut off goes on after the last event, and nothing needs to be read again', async () => {
    const tab = new Tab();
    const first = await streamNumber(1);
    first.response.write(live('1') + order('a', 2, '2') + 'event: order\nid: 3\ndata: {"id":"b"');
    await waitUntil('it is told', () => tab.orders.length === 1 && tab.gaps === 1);
    first.response.destroy();
    await waitUntil('it says so', () => tab.status === 'connecting');
    const second = await streamNumber(2);
    expect(second.request.headers['last-event-id']).toBe('2');
    second.response.write(order('b', 2, '3') + live('3'));
    await waitUntil('it goes on', () => tab.orders.includes('b v2') && tab.status === 'live');
    expect([tab.orders, tab.gaps]).toEqual([['a v2', 'b v2'], 1]);
  });

  it('what the gateway cannot tell any more is read again', async () => {
    const tab = new Tab();
    const first = await streamNumber(1);
    first.response.write(live('1'));
    await waitUntil('it is live', () => tab.gaps === 1);
    first.response.end();
    const second = await streamNumber(2);
    second.response.write(`event: reset\nid: 9\ndata: {"reason":"too-far"}\n\n${live('9')}`);
    await waitUntil('it is told to', () => tab.gaps > 1);
  });

  it('an id that another gateway does not know is forgotten, and everything is read again', async () => {
    const tab = new Tab();
    const first = await streamNumber(1);
    first.response.write(live('1'));
    await waitUntil('it is live', () => tab.gaps === 1);
    refusals = [400];
    first.response.end();
    const third = await streamNumber(3);
    expect(third.request.headers['last-event-id']).toBeUndefined();
    third.response.write(live('1'));
    await waitUntil('it is told to', () => tab.gaps > 1);
  });

  it('each tab is told the messages of its own order, on the one stream, which goes on where it was', async () => {
    const list = new Tab();
    const first = await streamNumber(1);
    first.response.write(live('1'));
    await waitUntil('it is live', () => list.status === 'live');
    const detail = new Tab({ messagesOf: ['a'] });
    const second = await streamNumber(2);
    expect([second.request.url, second.request.headers['last-event-id']]).toEqual([
      '/v1/stream?watch=tick,orders,messages&messagesOf=a',
      '1',
    ]);
    await waitUntil('the first stream has ended', () => first.response.closed);
    second.response.write(live('1') + aboutOrder('a', '2'));
    await waitUntil('it is told', () => detail.messages.includes('a'));
    // Who goes back to an order needs no new stream.
    detail.say({ wish: {} });
    detail.say({ wish: { messagesOf: ['a'] } });
    second.response.write(order('c', 2, '3'));
    await waitUntil('it goes on', () => list.orders.includes('c v2'));
    expect([streams.length, list.messages]).toEqual([2, []]);
  });

  it('without a token the stream waits for one, and does not ask again and again', async () => {
    refusals = [401];
    const tab = new Tab();
    await waitUntil('it is refused', () => tab.status === 'refused');
    tab.say({ token: 'secret' });
    const second = await streamNumber(2);
    expect(second.request.headers.authorization).toBe('Bearer secret');
    expect(streams).toHaveLength(2);
  });

  it('a tab that nobody looked at reads again what it shows, and one that has gone is told nothing', async () => {
    const [seen, unseen, gone] = [new Tab(), new Tab(), new Tab()];
    const { response } = await streamNumber(1);
    response.write(live('1'));
    for (const tab of [seen, unseen, gone]) await waitUntil('it is live', () => tab.gaps === 1);
    unseen.say({ isVisible: false });
    gone.gone();
    seen.say();
    response.write(order('a', 2, '2'));
    await waitUntil('it is told', () => seen.orders.length === 1);
    expect([unseen.orders, gone.orders]).toEqual([[], []]);
    unseen.say();
    await waitUntil('it is told to', () => unseen.gaps === 2);
  });

  it('a tab that still draws is told nothing, and all that came meanwhile at once when it has drawn', async () => {
    const [slow, other] = [new Tab(), new Tab()];
    const { response } = await streamNumber(1);
    response.write(live('1'));
    for (const tab of [slow, other]) await waitUntil('it is live', () => tab.gaps === 1);
    slow.isSlow = true;
    response.write(order('a', 2, '2'));
    await waitUntil('it is told, and draws', () => slow.orders.length === 1);
    for (const version of [3, 4]) {
      response.write(order('a', version, String(version)));
      await waitUntil('the other is told', () => other.orders.includes(`a v${version}`));
    }
    const told = slow.told.length;
    expect(slow.orders).toEqual(['a v2']);
    slow.drawn();
    await waitUntil('it is told', () => slow.orders.includes('a v4'));
    expect([slow.orders, slow.told.length]).toEqual([['a v2', 'a v4'], told + 1]);
  });

  it('an outage of Kafka is told, and its end', async () => {
    const tab = new Tab();
    const { response } = await streamNumber(1);
    response.write(`${live('1')}event: kafka\ndata: {"reachable":false}\n\n`);
    await waitUntil('it says so', () => tab.told.at(-1)?.state.kafka === false);
    response.write('event: kafka\ndata: {"reachable":true}\n\n');
    await waitUntil('it is back', () => tab.told.at(-1)?.state.kafka === true);
    expect(tab.status).toBe('live');
  });
});
