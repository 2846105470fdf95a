import type { LaneMessage } from './model.js';

/** What led to a message, and all that followed from it, by key: it is lit, and the rest dims. A circle ends where it began. */
export function chainOf(key: string, messages: readonly LaneMessage[]): ReadonlySet<string> {
  const byKey = new Map(messages.map((message) => [message.key, message]));
  const chain = new Set<string>([key]);
  for (let cause = byKey.get(key)?.cause; cause !== undefined && !chain.has(cause); cause = byKey.get(cause)?.cause)
    chain.add(cause);
  const next = [key];
  for (let one = next.pop(); one !== undefined; one = next.pop()) {
    for (const effect of byKey.get(one)?.effects ?? []) {
      if (chain.has(effect)) continue;
      chain.add(effect);
      next.push(effect);
    }
  }
  return chain;
}
