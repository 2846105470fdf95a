import type { VersionedStore } from '../versioned-store.js';
import { freshKey, hasOutbox, STORE_CHECKS } from './checks.js';

/** As Jest and Vitest have it. */
export interface SpecRunner {
  readonly describe: (name: string, body: () => void) => void;
  readonly it: ((name: string, body: () => Promise<void>, timeoutMs?: number) => void) & {
    readonly skip: (name: string, body: () => Promise<void>) => void;
  };
}

/** How the suite is run. */
export interface DescribeOptions {
  /** Default: the globals `describe` and `it`. */
  readonly runner?: SpecRunner;
  /** What the store, or what stands in for it, cannot do: said in one line, and skipped. */
  readonly without?: { readonly outbox: string };
  /** Of one check. Default 60,000 ms. */
  readonly timeoutMs?: number;
}

const TIMEOUT_MS = 60_000;

/**
 * Lists what a versioned store must do, as specs.
 * @param make a client of the store; it is called twice, and both must see the same rows
 */
export function describeVersionedStore(
  name: string,
  make: () => VersionedStore | Promise<VersionedStore>,
  options: DescribeOptions = {},
): void {
  const { runner = globalThis as unknown as SpecRunner, without, timeoutMs = TIMEOUT_MS } = options;
  runner.describe(name, () => {
    let made: Promise<[VersionedStore, VersionedStore]> | undefined;
    const stores = () => (made ??= Promise.all([make(), make()]));
    if (without) process.stderr.write(`${name}: left out what needs an outbox: ${without.outbox}\n`);
    for (const { name: what, needs, run } of STORE_CHECKS) {
      const title = `${name}: ${what}`;
      const check = async () => {
        const both = await stores();
        if (needs === 'outbox' && !hasOutbox(both[0])) throw new Error(`${name} has no outbox: say so by \`without\``);
        await run({ stores: both, key: freshKey() });
      };
      if (needs === 'outbox' && without) runner.it.skip(title, check);
      else runner.it(title, check, timeoutMs);
    }
  });
}
