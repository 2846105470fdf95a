import { connect, createServer, type Server, type Socket } from 'node:net';
import { setTimeout as delay } from 'node:timers/promises';
import { freePort, HOST } from '@backstep/infrastructure';
import { SERVICES } from '@backstep/contracts/topology';
import type { Random } from '@backstep/simulation';

/** A connection between two parts, as `payment→postgres`. Both instances of a kind go through the same link. */
export type LinkName = `${string}→${string}`;

/** Every pair of parts that talk to each other. */
export const LINKS: readonly LinkName[] = [
  ...SERVICES.flatMap((service): LinkName[] => [`${service}→postgres`, `${service}→kafka`]),
  ...SERVICES.map((service): LinkName => `gateway→${service}`),
  'gateway→kafka',
  'payment→payment-provider',
];

export const PROVIDER_LINK: LinkName = 'payment→payment-provider';

/** How a link treats what passes through it. `chance` is that of each piece of data, 0 to 1. */
export type Mood =
  | { readonly kind: 'fair' }
  /** Nobody is there: open connections are reset, new ones too. */
  | { readonly kind: 'refuse' }
  | { readonly kind: 'cut before the request'; readonly chance: number }
  | { readonly kind: 'cut before the answer'; readonly chance: number }
  | { readonly kind: 'cut in half a message'; readonly chance: number }
  | { readonly kind: 'slow'; readonly minMs: number; readonly maxMs: number }
  /** Nothing arrives, nothing is refused; what was on its way arrives when it heals. */
  | { readonly kind: 'silent' }
  /** HTTP only. */
  | { readonly kind: 'answer 503' };

const UNAVAILABLE =
  'HTTP/1.1 503 Service Unavailable\r\ncontent-type: application/json\r\ncontent-length: 2\r\nconnection: close\r\n\r\n{}';

/** A TCP proxy between two parts. */
export class Link {
  private readonly sockets = new Set<Socket>();
  private mood: Mood = { kind: 'fair' };
  private readonly waiting = new Set<() => void>();
  private random: Random | undefined;

  private constructor(
    readonly name: LinkName,
    readonly port: number,
    private readonly targetPort: number,
    private readonly server: Server,
  ) {}

  static async open(name: LinkName, targetPort: number): Promise<Link> {
    const port = await freePort();
    const server = createServer();
    const link = new Link(name, port, targetPort, server);
    server.on('connection', (socket) => link.accept(socket));
    await new Promise<void>((resolve, reject) => {
      server.once('error', reject);
      server.listen(port, HOST, resolve);
    });
    return link;
  }

  behave(mood: Mood, random?: Random): void {
    this.mood = mood;
    this.random = random;
    for (const goOn of this.waiting) goOn();
    this.waiting.clear();
    if (mood.kind === 'refuse') this.reset();
  }

  async close(): Promise<void> {
    this.behave({ kind: 'refuse' });
    await new Promise((resolve) => this.server.close(resolve));
  }

  private reset(): void {
    for (const socket of this.sockets) socket.destroy();
  }

  private accept(inside: Socket): void {
    if (this.mood.kind === 'refuse') {
      inside.destroy();
      return;
    }
    const outside = connect({ host: HOST, port: this.targetPort });
    for (const socket of [inside, outside]) {
      socket.setNoDelay(true);
      this.sockets.add(socket);
      // A reset is one of the things links are for; whoever reads from this socket meets it there.
      socket.on('error', () => socket.destroy());
      socket.on('close', () => this.sockets.delete(socket));
    }
    void this.carry(inside, outside, true);
    void this.carry(outside, inside, false);
  }

  private async carry(from: Socket, to: Socket, asks: boolean): Promise<void> {
    try {
      for await (const data of from) {
        if (!(await this.deliver(data as Buffer, from, to, asks))) break;
      }
      to.end();
    } catch {
      // Reset on one side is reset on the other; an end is passed on only after what came before it.
      to.destroy();
    }
  }

  /** @returns false when the connection is cut here. */
  private async deliver(data: Buffer, from: Socket, to: Socket, asks: boolean): Promise<boolean> {
    while (this.mood.kind === 'silent') await new Promise<void>((resolve) => this.waiting.add(resolve));
    const { mood } = this;
    if (mood.kind === 'slow') await delay(this.between(mood.minMs, mood.maxMs));
    if (asks && mood.kind === 'answer 503') {
      from.end(UNAVAILABLE);
      return false;
    }
    const cut =
      (mood.kind === 'cut before the request' && asks && this.happens(mood.chance)) ||
      (mood.kind === 'cut before the answer' && !asks && this.happens(mood.chance));
    const half = mood.kind === 'cut in half a message' && this.happens(mood.chance);
    if (cut) {
      from.destroy();
      return false;
    }
    if (!to.write(half ? data.subarray(0, Math.ceil(data.length / 2)) : data) && !to.destroyed) await drained(to);
    return !half;
  }

  private happens(chance: number): boolean {
    return this.random?.chance(chance) ?? false;
  }

  private between(minMs: number, maxMs: number): number {
    return this.random?.between(minMs, maxMs) ?? minMs;
  }
}

const drained = (socket: Socket): Promise<void> =>
  new Promise((resolve) => {
    socket.once('drain', resolve);
    socket.once('close', resolve);
  });

/** The links of one run: only those that some fault will touch, so that the rest of the traffic takes the straight way. */
export class Links {
  private constructor(private readonly links: ReadonlyMap<LinkName, Link>) {}

  static async open(names: Iterable<LinkName>, ports: Readonly<Record<string, number>>): Promise<Links> {
    const links = new Map<LinkName, Link>();
    for (const name of new Set(names)) {
      const target = ports[endsOf(name).to];
      if (target === undefined) throw new Error(`there is no link ${name}`);
      links.set(name, await Link.open(name, target));
    }
    return new Links(links);
  }

  behave(name: LinkName, mood: Mood, random?: Random): void {
    const link = this.links.get(name);
    if (!link) throw new Error(`the link ${name} is not open in this run`);
    link.behave(mood, random);
  }

  heal(): void {
    for (const link of this.links.values()) link.behave({ kind: 'fair' });
  }

  async close(): Promise<void> {
    await Promise.all([...this.links.values()].map((link) => link.close()));
  }

  /** The detours of a process, for its preload; undefined when none of its links is open. Of two links to one port, the later is taken. */
  detoursOf(isFrom: (kind: string) => boolean, ports: Readonly<Record<string, number>>): string | undefined {
    const own = [...this.links.values()].filter(({ name }) => isFrom(endsOf(name).from));
    if (own.length === 0) return undefined;
    return JSON.stringify(Object.fromEntries(own.map(({ name, port }) => [ports[endsOf(name).to], port])));
  }
}

export function endsOf(name: LinkName): { readonly from: string; readonly to: string } {
  const [from = '', to = ''] = name.split('→');
  return { from, to };
}
