import { connect, createServer, type Server, type Socket } from 'node:net';
import { setTimeout as delay } from 'node:timers/promises';
import { topicsReadBy, topicsWrittenBy } from '@backstep/contracts';
import { SERVICES } from '@backstep/contracts/topology';
import { freePort, HOST } from '@backstep/infrastructure';
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

/** Services that hand messages over from process to process, where they have sockets: from each to those that read what it writes. */
export const EXPRESS_LINKS: readonly LinkName[] = SERVICES.flatMap((from) =>
  SERVICES.filter((to) => to !== from && topicsReadBy(to).some((topic) => topicsWrittenBy(from).includes(topic))).map(
    (to): LinkName => `${from}→${to}`,
  ),
);

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
  /** What is asked is lost, and nobody is told; the connections on which that happened end when it heals. */
  | { readonly kind: 'half open' }
  /** HTTP only. */
  | { readonly kind: 'answer 503' };

const UNAVAILABLE =
  'HTTP/1.1 503 Service Unavailable\r\ncontent-type: application/json\r\ncontent-length: 2\r\nconnection: close\r\n\r\n{}';

/** Where a link leads: to a port, or to the Unix socket that the first line of each connection names, as the preload writes it. */
type Target = number | 'named';

/** The longest name of a socket, with room to spare. */
const NAME_MAX_BYTES = 1_024;

/** A proxy between two parts. */
export class Link {
  private readonly sockets = new Set<Socket>();
  /** On these something was lost. */
  private readonly halfOpen = new Set<Socket>();
  /** How often something was refused, cut, lost, or came late here. */
  disturbed = 0;
  private mood: Mood = { kind: 'fair' };
  private readonly waiting = new Set<() => void>();
  private random: Random | undefined;

  private constructor(
    readonly name: LinkName,
    readonly port: number,
    private readonly target: Target,
    private readonly server: Server,
  ) {}

  static async open(name: LinkName, target: Target): Promise<Link> {
    const port = await freePort();
    const server = createServer();
    const link = new Link(name, port, target, server);
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
    for (const socket of this.halfOpen) socket.destroy();
    this.halfOpen.clear();
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
      this.disturbed++;
      inside.destroy();
      return;
    }
    this.keep(inside);
    const { target } = this;
    if (target === 'named')
      void firstLine(inside).then((path) => path !== undefined && this.join(inside, connect({ path })));
    else this.join(inside, connect({ host: HOST, port: target }));
  }

  private join(inside: Socket, outside: Socket): void {
    this.keep(outside);
    void this.carry(inside, outside, true);
    void this.carry(outside, inside, false);
  }

  private keep(socket: Socket): void {
    socket.setNoDelay(true);
    this.sockets.add(socket);
    // A reset is one of the things links are for; whoever reads from this socket meets it there.
    socket.on('error', () => socket.destroy());
    socket.on('close', () => {
      this.sockets.delete(socket);
      this.halfOpen.delete(socket);
    });
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
    if (this.mood.kind === 'silent' || this.mood.kind === 'slow') this.disturbed++;
    while (this.mood.kind === 'silent') await new Promise<void>((resolve) => this.waiting.add(resolve));
    const { mood } = this;
    if (mood.kind === 'slow') await delay(this.between(mood.minMs, mood.maxMs));
    if (mood.kind === 'half open' && asks) {
      this.disturbed++;
      this.halfOpen.add(from);
      return true;
    }
    if (asks && mood.kind === 'answer 503') {
      from.end(UNAVAILABLE);
      return false;
    }
    const cut =
      (mood.kind === 'cut before the request' && asks && this.happens(mood.chance)) ||
      (mood.kind === 'cut before the answer' && !asks && this.happens(mood.chance));
    const half = mood.kind === 'cut in half a message' && this.happens(mood.chance);
    if (cut || half) this.disturbed++;
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

/** @returns the line without its end; undefined when the connection ends before it does */
function firstLine(socket: Socket): Promise<string | undefined> {
  let read = Buffer.alloc(0);
  return new Promise((resolve) => {
    const take = (data: Buffer): void => {
      read = Buffer.concat([read, data]);
      const end = read.indexOf('\n');
      if (end < 0) return void (read.length > NAME_MAX_BYTES && socket.destroy());
      socket.off('data', take).pause();
      if (end + 1 < read.length) socket.unshift(read.subarray(end + 1));
      resolve(read.toString('utf8', 0, end));
    };
    socket.on('data', take).once('close', () => resolve(undefined));
  });
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
      const target = EXPRESS_LINKS.includes(name) ? 'named' : ports[endsOf(name).to];
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

  /** How often something was refused, cut, lost, or came late on links of these names. */
  disturbed(names: readonly LinkName[]): number {
    return names.reduce((sum, name) => sum + (this.links.get(name)?.disturbed ?? 0), 0);
  }

  /**
   * The detours of a process, for its preload, where a link of it is open: by port, and by the service to which a socket belongs. Of two links to
   * one port, or one service, the later is taken.
   */
  detoursOf(isFrom: (kind: string) => boolean, ports: Readonly<Record<string, number>>): Record<string, string> {
    const own = [...this.links.values()].filter(({ name }) => isFrom(endsOf(name).from));
    const isExpress = ({ name }: Link): boolean => EXPRESS_LINKS.includes(name);
    const byPort = own.filter((link) => !isExpress(link)).map(({ name, port }) => [ports[endsOf(name).to], port]);
    const byService = own.filter(isExpress).map(({ name, port }) => [endsOf(name).to, port]);
    return {
      ...(byPort.length > 0 && { CHAOS_DETOURS: JSON.stringify(Object.fromEntries(byPort)) }),
      ...(byService.length > 0 && { CHAOS_EXPRESS: JSON.stringify(Object.fromEntries(byService)) }),
    };
  }
}

export function endsOf(name: LinkName): { readonly from: string; readonly to: string } {
  const [from = '', to = ''] = name.split('→');
  return { from, to };
}
