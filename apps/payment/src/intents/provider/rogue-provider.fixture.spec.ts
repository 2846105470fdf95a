import { createServer, type AddressInfo, type Socket } from 'node:net';

/** Not a suite: a server that answers a request with any bytes whatever, and counts requests and connections. */
export class RogueProvider {
  requests = 0;
  private readonly sockets = new Set<Socket>();
  private readonly timers = new Set<NodeJS.Timeout>();

  private constructor(private play: (socket: Socket, body: URLSearchParams, rogue: RogueProvider) => void) {}

  readonly server = createServer((socket) => {
    this.sockets.add(socket.on('error', () => undefined).on('close', () => this.sockets.delete(socket)));
    let text = '';
    socket.on('data', (chunk) => {
      text += chunk.toString('latin1');
      const end = text.indexOf('\r\n\r\n');
      const length = Number(/content-length: (\d+)/i.exec(text)?.[1] ?? 0);
      if (end === -1 || text.length < end + 4 + length) return;
      const body = new URLSearchParams(text.slice(end + 4));
      text = '';
      this.requests += 1;
      this.play(socket, body, this);
    });
  });

  static async start(): Promise<RogueProvider> {
    const rogue = new RogueProvider((socket) => socket.destroy());
    await new Promise<void>((resolve) => rogue.server.listen(0, '127.0.0.1', resolve));
    return rogue;
  }

  get url(): string {
    return `http://127.0.0.1:${(this.server.address() as AddressInfo).port}`;
  }

  get connections(): number {
    return this.sockets.size;
  }

  plays(play: (socket: Socket, body: URLSearchParams, rogue: RogueProvider) => void): void {
    this.requests = 0;
    this.play = play;
  }

  /** Until the socket closes. */
  repeatedly(socket: Socket, everyMs: number, send: () => void): void {
    const timer = setInterval(send, everyMs);
    this.timers.add(timer);
    socket.once('close', () => clearInterval(timer));
  }

  stop(): void {
    for (const timer of this.timers) clearInterval(timer);
    for (const socket of this.sockets) socket.destroy();
    this.server.close();
  }
}

export function http(status: number | string, body: string | Buffer, headers: Record<string, string> = {}): Buffer {
  const bytes = Buffer.from(body);
  const all = { 'content-type': 'application/json', 'content-length': String(bytes.length), ...headers };
  const lines = Object.entries(all).map(([name, value]) => `${name}: ${value}\r\n`);
  return Buffer.concat([Buffer.from(`HTTP/1.1 ${status} Whatever\r\n${lines.join('')}\r\n`, 'latin1'), bytes]);
}
