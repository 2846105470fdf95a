import type { AddressInfo, ListenOptions, Server, Socket } from 'node:net';
import { once } from 'node:events';
import type { GroupMembers, KafkaLogger } from '@backstep/kafka';
import type { ExpressLanes } from '@backstep/unit-of-work';
import { addressText, type Address } from './address.js';
import { tlsServer, toTls, toUnix, unixServer } from './channel.js';
import { Directory } from './directory.js';
import { Peers } from './elsewhere.js';
import { Identity } from './identity.js';
import { ExpressServer } from './server.js';
import { socketFile } from './socket-file.js';

/** Where a process takes messages by express from other processes, and reaches them. At least one of both is given. */
export interface ExpressSocketOptions {
  /** The folder of the Unix sockets of this machine's processes. */
  readonly folder?: string | undefined;
  /** For processes on other machines. */
  readonly tcp?:
    | {
        /** The address to listen on. */
        readonly host: string;
        /** 0: any that is free. */
        readonly port: number;
        /** The name by which others reach this process. */
        readonly name: string;
        /** The token between services, of 16 characters or more: TLS is made of it. */
        readonly token: string;
      }
    | undefined;
}

interface Parts {
  readonly service: string;
  /** The consumer groups of all services that read what this one writes, or write what this one reads, by service. */
  readonly groups: ReadonlyMap<string, string>;
  readonly members: GroupMembers;
  mayWrite(service: string, topic: string): boolean;
  shardOf(key: string): number;
  readonly logger: KafkaLogger | undefined;
}

/** Express between processes, as one service has it: see docs/decisions/0061-express-between-processes.md. */
export class ExpressSockets {
  /** Hands messages to other processes. */
  readonly peers: Peers;
  private readonly identity: Identity;
  private readonly directory: Directory;
  private server: ExpressServer | undefined;
  private address: Address | undefined;

  constructor(
    private readonly options: ExpressSocketOptions,
    private readonly parts: Parts,
  ) {
    const { service, groups, members, logger } = parts;
    const identity = (this.identity = new Identity(service));
    const failed = (error: unknown): void =>
      logger?.warn('Kafka does not say who reads what; messages go by Kafka alone where that is not known', { error });
    const directory = (this.directory = new Directory({ groups, members, failed }));
    this.peers = new Peers({
      identity,
      directory,
      connect: (address, attempt) => this.connect(address, attempt),
      closed: (peer, reason) =>
        logger?.debug('an express connection of this process has ended', { peer: peer.service, reason }),
    });
  }

  /** What the process publishes with its membership in its consumer group. Known once it listens. */
  get published(): string | undefined {
    return this.address && addressText(this.address);
  }

  /**
   * Takes messages for these lanes. Call it before the consumer joins its group.
   * @throws Error when the socket cannot be opened
   */
  async listen(lanes: ExpressLanes): Promise<void> {
    const { identity, directory, parts } = this;
    const server = (this.server = new ExpressServer({
      identity,
      directory,
      lanes,
      mayWrite: (other, topic) => parts.mayWrite(other, topic),
      shardOf: (key) => parts.shardOf(key),
      refused: (peer, reason) =>
        parts.logger?.debug('an express connection to this process has ended', { peer, reason }),
    }));
    const { folder, tcp } = this.options;
    const unix = folder === undefined ? undefined : await socketFile(folder, parts.service);
    if (unix !== undefined) await this.serve(server, unixServer(server.take), { path: unix });
    let port: number | undefined;
    if (tcp) {
      const open = await this.serve(server, tlsServer(tcp.token, server.take), { host: tcp.host, port: tcp.port });
      port = (open.address() as AddressInfo).port;
    }
    this.address = { key: this.identity.key, unix, tcp: tcp && `${tcp.name}:${port}` };
    this.directory.start();
  }

  /** Takes nothing more, and hands nothing over. */
  async close(): Promise<void> {
    this.directory.stop();
    this.peers.close();
    this.server?.close();
    await this.parts.members.close();
  }

  private async serve(express: ExpressServer, server: Server, where: ListenOptions): Promise<Server> {
    server.listen(where);
    await once(server, 'listening');
    server.unref();
    const { logger } = this.parts;
    server.on('error', (error) => logger?.warn('an express connection could not be taken', { error }));
    express.serve(server);
    return server;
  }

  /** By its file, where both are on one machine; else, and where that fails, over the network. */
  private connect({ unix, tcp }: Address, attempt: number): Socket | undefined {
    const ways: (() => Socket)[] = [];
    const { folder, tcp: own } = this.options;
    if (unix !== undefined && folder !== undefined && unix.startsWith(`${folder}/`)) ways.push(() => toUnix(unix));
    if (tcp !== undefined && own) ways.push(() => toTls(tcp, own.token));
    return ways[attempt % ways.length]?.();
  }
}
