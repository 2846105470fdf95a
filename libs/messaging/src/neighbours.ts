import type { ExpressLanes } from '@backstep/unit-of-work';

/** A service, as the others of its process know it. */
export interface Neighbour {
  /** The name of the service. */
  readonly name: string;
  /** They take what the others hand over. Undefined: the service gets messages by Kafka alone. */
  readonly lanes?: ExpressLanes | undefined;
}

/**
 * The services of one process, as far as their messaging knows each other. Whoever starts several services in a process makes one, and gives it
 * to each of them in `MessagingRuntime.neighbours`. A service without one is alone in its process.
 */
export class Neighbours {
  private readonly joined = new Map<string, Neighbour>();
  private readonly taking = new Map<string, ExpressLanes>();

  /** @param host the name of the process, different from those of other processes: consumer groups deal their shards by it */
  constructor(readonly host: string) {}

  /** @throws Error when a service of that name is there already: two would take each other's messages. */
  join(neighbour: Neighbour): void {
    const { name, lanes } = neighbour;
    if (this.joined.has(name)) throw new Error(`there are two services named ${name} in this process`);
    this.joined.set(name, neighbour);
    if (lanes) this.taking.set(name, lanes);
  }

  /** A service that ends is known no more. */
  leave(name: string): void {
    this.joined.delete(name);
    this.taking.delete(name);
  }

  /** Those that have joined, in the order in which they did. */
  get all(): readonly Neighbour[] {
    return [...this.joined.values()];
  }

  /** Those that take what is handed over, by the name of the service. Whoever keeps the map sees who joins and leaves. */
  get lanes(): ReadonlyMap<string, ExpressLanes> {
    return this.taking;
  }
}
