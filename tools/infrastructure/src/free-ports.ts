import { readFileSync } from 'node:fs';
import { createServer, type Server } from 'node:net';

export const HOST = '127.0.0.1';

/** Binds the port for a moment. 0 asks the system for one that is free. @throws NodeJS.ErrnoException EADDRINUSE, EACCES */
export async function probe(port: number): Promise<number> {
  const server = await listen(port);
  const address = server.address();
  const bound = typeof address === 'object' && address ? address.port : port;
  return new Promise((resolve) => server.close(() => resolve(bound)));
}

function listen(port: number): Promise<Server> {
  return new Promise((resolve, reject) => {
    const server = createServer((socket) => socket.destroy());
    server.once('error', reject);
    server.listen({ port, host: HOST, exclusive: true }, () => resolve(server));
  });
}

/** Below it are ports of programs that people know by their number. */
const LOWEST_PORT = 10_000;
/** Where Linux begins to take ports for outgoing connections, unless it was told otherwise; macOS and Windows begin at 49,152. */
const LOWEST_EPHEMERAL_PORT = 32_768;
const EPHEMERAL_RANGE = '/proc/sys/net/ipv4/ip_local_port_range';
/** Ports of one block: more than a system of three brokers with several instances of each service asks for. */
const BLOCK_SIZE = 64;

/** @returns ports that the system never takes by itself, the last one not included */
export function portsApart(): { readonly from: number; readonly to: number } {
  let lowest = LOWEST_EPHEMERAL_PORT;
  try {
    lowest = Number.parseInt(readFileSync(EPHEMERAL_RANGE, 'utf8'), 10) || lowest;
  } catch {
    // Not Linux.
  }
  return { from: LOWEST_PORT, to: Math.max(LOWEST_PORT, lowest) };
}

/**
 * Hands out free ports, each once, that stay free until their program binds them, seconds later.
 *
 * They are none of the system's ephemeral ports: those are taken meanwhile by any outgoing connection, and even by a client of the program
 * itself that tries to reach it too early (its own port is drawn as the source, and it is connected to itself). And they are of a block whose
 * first port this process listens on as long as it lives, so that no other starter hands out the same.
 */
export class FreePorts {
  private block: { next: number; readonly end: number } | undefined;
  private last: Promise<unknown> = Promise.resolve();

  /** @param firstBlock where it begins to look for a block that nobody holds */
  constructor(private readonly firstBlock = Math.random()) {}

  next(): Promise<number> {
    const port = this.last.then(() => this.find());
    this.last = port.catch(() => undefined);
    return port;
  }

  private async find(): Promise<number> {
    for (;;) {
      if (!this.block || this.block.next === this.block.end) this.block = await this.hold();
      // As when the system takes all ports for outgoing connections: then any is as good.
      if (!this.block) return probe(0);
      const port = this.block.next++;
      if (await isFree(port)) return port;
    }
  }

  /** @returns undefined when all blocks are held, or there are none */
  private async hold(): Promise<{ next: number; end: number } | undefined> {
    const { from, to } = portsApart();
    const blocks = Math.floor((to - from) / BLOCK_SIZE);
    for (let tried = 0; tried < blocks; tried++) {
      const begin = from + ((Math.floor(this.firstBlock * blocks) + tried) % blocks) * BLOCK_SIZE;
      const held = await listen(begin).catch(() => undefined);
      if (held) {
        held.unref();
        return { next: begin + 1, end: begin + BLOCK_SIZE };
      }
    }
    return undefined;
  }
}

const isFree = (port: number): Promise<boolean> =>
  probe(port).then(
    () => true,
    () => false,
  );
