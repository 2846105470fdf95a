import type { Random, World } from '@backstep/simulation';
import type { Parts } from './parts.js';

/** Somebody edits a product and saves it again and again. */
export interface ProductEdits {
  readonly sku: string;
  /** When the first is saved, milliseconds after the start. */
  readonly at: number;
  readonly count: number;
  readonly everyMs: number;
  /** The instance that gets all of them, as over one connection; undefined: each goes to any. */
  readonly instance: 1 | 2 | undefined;
}

const EDITED = 0.9;
const WITHIN_MS = 12_000;
/** The least and the most time between two edits, milliseconds: less than a message lingers, and more. */
const PACES = [
  [5, 60],
  [100, 800],
] as const;

export function drawProductEdits(random: Random, skus: readonly string[]): ProductEdits | undefined {
  if (!random.chance(EDITED)) return undefined;
  const [least, most] = random.pick(PACES);
  return {
    sku: random.pick(skus),
    at: random.below(WITHIN_MS),
    count: random.between(3, 15),
    everyMs: random.between(least, most),
    instance: ([1, 2, undefined] as const)[random.below(3)],
  };
}

export const tellProductEdits = ({ sku, at, count, everyMs, instance }: ProductEdits): string =>
  `, ${sku} edited ${count} times from ${at} ms on, every ${everyMs} ms${instance === undefined ? '' : ` at inventory#${instance}`}`;

/**
 * Who edits products. The price copies of the order service hear of each edit by one message, and nobody waits for an answer between two: the
 * only messages of one key in the shop that follow each other so soon. What keeps their order by express is met by them alone.
 */
export class ProductEditors {
  /** Edits that are still to come. */
  left = 0;
  private saved = 0;

  constructor(
    private readonly world: World,
    private readonly parts: Parts,
  ) {}

  edit(edits: ProductEdits): void {
    this.left += edits.count;
    for (let n = 0; n < edits.count; n++) this.world.kernel.after(edits.at + n * edits.everyMs, () => this.save(edits));
  }

  /** An edit that fails is not repeated: the next one says more. */
  private save({ sku, instance }: ProductEdits): void {
    this.left--;
    const { kernel, random, network, coverage } = this.world;
    const living = this.world.living('inventory');
    const server = living.find(({ process }) => process.instance === instance) ?? living[random.below(living.length)];
    if (!server) return;
    const edit = { name: `${sku} ${++this.saved}` };
    const ask = (): void => {
      server.unitOfWork.request(this.parts.inventory.patchProduct, { sku, edit }).then(
        ({ outcome }) => coverage.add(`products ${outcome}`),
        () => undefined,
      );
    };
    kernel.after(network.latency('database'), ask, server.process);
  }
}
