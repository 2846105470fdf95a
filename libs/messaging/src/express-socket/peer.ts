import type { Socket } from 'node:net';
import { backoffMs } from '@backstep/resilience';
import type { Address } from './address.js';
import { Connection } from './connection.js';
import { BadFrameError, FRAME, type FrameKind } from './frames.js';
import { greetingText, isProved, readGreeting, type Greeting, type Identity, type Name } from './identity.js';
import { CONNECT_BACKOFF, UNANSWERED_PINGS_MAX } from './limits.js';

/** What the end that hands messages over needs. */
export interface PeerParts {
  readonly identity: Identity;
  /** Opens a socket to the address. Of two ways, the second when the first has failed: `attempt` counts from 0. */
  connect(address: Address, attempt: number): Socket | undefined;
  /** Kafka's copies are waited for, of all that lingers. */
  hurry(): void;
  /** The peer is gone, or does not own the shard: somebody else may. */
  isElsewhere(): void;
  /** For a log line. */
  closed?(peer: Name, reason: string): void;
}

/** A connection that is made, and what this end has said of itself on it. */
interface Attempt {
  readonly connection: Connection;
  readonly greeting: Greeting;
}

/** A process that reads what this one writes. Connects when there is something for it, and again after a pause when that fails. */
export class Peer {
  private connection: Connection | undefined;
  /** `greeting`: nobody has proved anything; `proving`: the peer has. Messages go when both have. */
  private state: 'greeting' | 'proving' | 'ready' = 'greeting';
  private attempt = 0;
  /** When the next attempt may begin: {@link performance.now}. */
  private notBefore = 0;
  /** The last number that was written to this connection, by topic and shard. */
  private last = new Map<string, number>();
  private wroteSincePing = false;
  private unanswered = 0;
  private isEnded = false;

  constructor(
    readonly address: Address,
    readonly service: string,
    private readonly parts: PeerParts,
  ) {}

  /**
   * @param place topic and shard
   * @returns whether it was written, and nothing of its place was left out before: the peer then takes it unless its lane is closed
   */
  hand(frame: Buffer, place: string, number: number): boolean {
    const { connection } = this;
    if (!connection || this.state !== 'ready') {
      this.connect();
      return false;
    }
    if (!connection.hasRoom) return false;
    const follows = this.last.get(place) === number - 1;
    this.last.set(place, number);
    this.wroteSincePing = true;
    connection.send(frame);
    return follows;
  }

  /** Called every `PING_EVERY_MS`. */
  beat(): void {
    if (!this.connection || this.state !== 'ready') return;
    if (this.unanswered >= UNANSWERED_PINGS_MAX) return this.connection.close('it is silent');
    if (this.unanswered === 0 && !this.wroteSincePing) return;
    this.wroteSincePing = false;
    this.unanswered++;
    this.connection.tell(FRAME.ping);
  }

  close(reason: string): void {
    this.isEnded = true;
    this.connection?.close(reason);
  }

  private connect(): void {
    if (this.connection || this.isEnded || performance.now() < this.notBefore) return;
    const socket = this.parts.connect(this.address, this.attempt);
    if (!socket) return;
    const greeting = this.parts.identity.greet();
    const connection = new Connection(socket, {
      frame: (kind, body) => this.hear({ connection, greeting }, kind, body),
      closed: (reason) => this.closed(reason),
    });
    this.connection = connection;
    const isTls = 'encrypted' in socket;
    socket.once(isTls ? 'secureConnect' : 'connect', () => connection.tell(FRAME.hello, greetingText(greeting)));
  }

  private hear(at: Attempt, kind: FrameKind, body: Buffer): void {
    const { state } = this;
    this.unanswered = 0;
    if (state === 'greeting' && kind === FRAME.welcome) return this.prove(at, body);
    if (state === 'proving' && kind === FRAME.ready) return this.begin(at.connection);
    if (state === 'ready' && kind === FRAME.pong) return;
    if (state !== 'ready' || kind !== FRAME.hurry) throw new BadFrameError(`a frame of kind ${kind} out of turn`);
    this.parts.hurry();
    if (body.length > 0) this.parts.isElsewhere();
  }

  private prove({ connection, greeting: client }: Attempt, body: Buffer): void {
    const { service, address, parts } = this;
    const { greeting: server, signature } = readGreeting(body);
    const transcript = { client, server, channel: connection.channel };
    // A socket file, or a port, may be somebody else's by now.
    if (server.key !== address.key || server.service !== service)
      throw new BadFrameError('another process than asked for');
    if (!isProved('server', transcript, signature)) throw new BadFrameError('a proof that is none');
    this.state = 'proving';
    connection.tell(FRAME.proof, parts.identity.prove('client', transcript));
  }

  private begin(connection: Connection): void {
    connection.trust();
    this.state = 'ready';
    this.attempt = 0;
    this.unanswered = 0;
    this.last = new Map();
  }

  private closed(reason: string): void {
    const wasReady = this.state === 'ready';
    this.connection = undefined;
    this.state = 'greeting';
    this.notBefore = performance.now() + backoffMs(CONNECT_BACKOFF, this.attempt++);
    // What was written last may not have arrived. Kafka has all of it.
    if (wasReady) this.parts.hurry();
    this.parts.isElsewhere();
    this.parts.closed?.({ service: this.service, key: this.address.key }, reason);
  }
}
