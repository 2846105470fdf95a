import type { Socket } from 'node:net';
import type { Elsewhere } from '@backstep/unit-of-work';
import type { OutboxMessage } from '@backstep/outbox';
import type { Address } from './address.js';
import type { Directory } from './directory.js';
import { messageFrame } from './frames.js';
import type { Identity, Name } from './identity.js';
import { PING_EVERY_MS } from './limits.js';
import { Peer } from './peer.js';

/** What {@link Peers} asks and calls. */
export interface PeersParts {
  readonly identity: Identity;
  readonly directory: Pick<Directory, 'ownerOf' | 'knows' | 'refresh' | 'onRead'>;
  connect(address: Address, attempt: number): Socket | undefined;
  closed?(peer: Name, reason: string): void;
}

/** Hands messages to the readers in other processes, each to the process that owns its shard. */
export class Peers implements Elsewhere {
  /** By key. */
  private readonly peers = new Map<string, Peer>();
  /** How many messages this process has committed, by topic and shard. */
  private readonly counts = new Map<string, number>();
  private hurry: () => void = () => undefined;
  private readonly timer: NodeJS.Timeout;
  /** The frame of the last message: several services may read it. */
  private framed: { readonly message: OutboxMessage; readonly frame: Buffer | undefined } | undefined;

  constructor(private readonly parts: PeersParts) {
    parts.directory.onRead(() => this.forgetGone());
    this.timer = setInterval(() => {
      for (const peer of this.peers.values()) peer.beat();
    }, PING_EVERY_MS);
    this.timer.unref();
  }

  onHurry(hurry: () => void): void {
    this.hurry = hurry;
  }

  count({ topic, shard }: OutboxMessage): number {
    const place = placeOf(topic, shard);
    const number = (this.counts.get(place) ?? 0) + 1;
    this.counts.set(place, number);
    return number;
  }

  offer(service: string, message: OutboxMessage, number: number): boolean {
    const { topic, shard } = message;
    const owner = this.parts.directory.ownerOf(service, topic, shard);
    if (!owner) return false;
    const frame = this.frameOf(message, number);
    return frame !== undefined && this.peerOf(service, owner).hand(frame, placeOf(topic, shard), number);
  }

  close(): void {
    clearInterval(this.timer);
    for (const peer of this.peers.values()) peer.close('this process ends');
    this.peers.clear();
  }

  private frameOf(message: OutboxMessage, number: number): Buffer | undefined {
    if (this.framed?.message !== message) this.framed = { message, frame: messageFrame(message, number) };
    return this.framed.frame;
  }

  private peerOf(service: string, address: Address): Peer {
    const { identity, connect, directory, closed } = this.parts;
    let peer = this.peers.get(address.key);
    if (!peer) {
      peer = new Peer(address, service, {
        identity,
        connect,
        hurry: () => this.hurry(),
        isElsewhere: () => void directory.refresh(),
        ...(closed && { closed }),
      });
      this.peers.set(address.key, peer);
    }
    return peer;
  }

  /** Processes that are members of their group no more. */
  private forgetGone(): void {
    for (const [key, peer] of this.peers) {
      if (this.parts.directory.knows(peer.service, key)) continue;
      this.peers.delete(key);
      peer.close('it is no member of its group any more');
    }
  }
}

const placeOf = (topic: string, shard: number): string => `${topic}/${shard}`;
