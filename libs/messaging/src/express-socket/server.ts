import type { Server, Socket } from 'node:net';
import type { ExpressLanes } from '@backstep/unit-of-work';
import { Connection } from './connection.js';
import type { Directory } from './directory.js';
import { BadFrameError, FRAME, readMessage, type FrameKind } from './frames.js';
import { Gate } from './gate.js';
import { greetingText, isProved, readGreeting, type Identity, type Transcript } from './identity.js';
import { CONNECTIONS_MAX } from './limits.js';

/** What the end that takes messages needs. */
export interface ServerParts {
  readonly identity: Identity;
  readonly lanes: Pick<ExpressLanes, 'laneOf' | 'handles'>;
  readonly directory: Pick<Directory, 'knows' | 'refresh' | 'onRead'>;
  /** Whether messages of this service belong on the topic. */
  mayWrite(service: string, topic: string): boolean;
  /** The shard of a key. */
  shardOf(key: string): number;
  /** A connection was closed by this end, and why. For a log line. */
  refused?(service: string | undefined, reason: string): void;
}

/** Takes messages from peers, for the lanes of one reader. */
export class ExpressServer {
  private readonly servers: Server[] = [];
  private readonly peers = new Set<Incoming>();

  constructor(private readonly parts: ServerParts) {
    // Who is in the group no more has no say.
    parts.directory.onRead(() => {
      for (const peer of this.peers) peer.closeUnlessKnown();
    });
  }

  /** Takes connections of this server, which listens or is about to. */
  serve(server: Server): void {
    server.maxConnections = CONNECTIONS_MAX;
    this.servers.push(server);
  }

  readonly take = (socket: Socket): void => {
    const peer = new Incoming(socket, this.parts, () => this.peers.delete(peer));
    this.peers.add(peer);
  };

  /** Takes no connection more, and closes those that there are. */
  close(): void {
    for (const server of this.servers) server.close();
    for (const peer of this.peers) peer.connection.close('this process ends');
  }
}

/** One connection, from its first byte. */
class Incoming {
  readonly connection: Connection;
  private readonly gate: Gate;
  private transcript: Transcript | undefined;
  /** Set when the peer has proved that it is a process of this service. */
  private service: string | undefined;

  constructor(
    socket: Socket,
    private readonly parts: ServerParts,
    gone: () => void,
  ) {
    this.gate = new Gate(parts.lanes);
    this.connection = new Connection(socket, {
      frame: (kind, body) => this.hear(kind, body),
      closed: (reason) => {
        gone();
        parts.refused?.(this.service, reason);
      },
    });
  }

  closeUnlessKnown(): void {
    if (this.service === undefined || !this.transcript) return;
    if (!this.parts.directory.knows(this.service, this.transcript.client.key))
      this.connection.close('the process is no member of its group any more');
  }

  private hear(kind: FrameKind, body: Buffer): void {
    if (this.service !== undefined && kind === FRAME.message) return this.message(this.service, body);
    if (kind === FRAME.hello && !this.transcript) return this.welcome(body);
    if (kind === FRAME.proof && this.transcript && this.service === undefined) return this.check(this.transcript, body);
    throw new BadFrameError(`a frame of kind ${kind} out of turn`);
  }

  private welcome(body: Buffer): void {
    const { greeting: client } = readGreeting(body);
    const { identity } = this.parts;
    const server = identity.greet();
    this.transcript = { client, server, channel: this.connection.channel };
    this.connection.tell(FRAME.welcome, greetingText(server, identity.prove('server', this.transcript)));
  }

  private check(transcript: Transcript, body: Buffer): void {
    if (!isProved('client', transcript, body.toString())) throw new BadFrameError('a proof that is none');
    const { service, key } = transcript.client;
    void this.isMember(service, key).then((isMember) => {
      if (!isMember) return this.connection.close(`no member of the group of ${service} has this key`);
      this.service = service;
      this.connection.trust();
      this.connection.tell(FRAME.ready);
    });
  }

  /** A process that has just joined its group is not known here yet. */
  private async isMember(service: string, key: string): Promise<boolean> {
    const { directory } = this.parts;
    if (!directory.knows(service, key)) await directory.refresh();
    return directory.knows(service, key);
  }

  private message(service: string, body: Buffer): void {
    const { parts } = this;
    const numbered = readMessage(body);
    const { topic, key, shard, headers } = numbered.message;
    // Kafka's rights say who writes to a topic, and the reader checks that each type of message comes from its source: so the source is the peer.
    if (headers['ce_source'] !== service) throw new BadFrameError('a message in the name of another service');
    if (!parts.mayWrite(service, topic)) throw new BadFrameError('a topic of another service');
    if (parts.shardOf(key) !== shard) throw new BadFrameError('a key of another shard');
    const taken = this.gate.take(numbered);
    if (taken !== 'handed-over') this.connection.tell(FRAME.hurry, taken === 'not-here' ? taken : '');
  }
}
