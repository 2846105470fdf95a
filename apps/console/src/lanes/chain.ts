import type { LaneMessage } from './model.js';

/** What led to messages, and all that followed from them, by key: it is lit, and the rest dims. A circle ends where it began. */
export function chainOf(keys: readonly string[], messages: readonly LaneMessage[]): ReadonlySet<string> {
  const byKey = new Map(messages.map((message) => [message.key, message]));
  const causes = new Set(keys);
  for (const key of keys)
    for (let cause = byKey.get(key)?.cause; cause !== undefined && !causes.has(cause); cause = byKey.get(cause)?.cause)
      causes.add(cause);
  const followed = new Set(keys);
  const next = [...keys];
  for (let one = next.pop(); one !== undefined; one = next.pop()) {
    for (const effect of byKey.get(one)?.effects ?? []) {
      if (followed.has(effect)) continue;
      followed.add(effect);
      next.push(effect);
    }
  }
  return new Set([...causes, ...followed]);
}
