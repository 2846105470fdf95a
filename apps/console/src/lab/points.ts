/** Points that one service alone comes to, by how they begin. */
const OF_ONE: readonly (readonly [begins: string, service: string])[] = [
  ['placement.', 'order'],
  ['payment.', 'payment'],
  ['timer.', 'orchestrator'],
];
/** Only services that share a process hand over within it. */
const OF_HOSTS = 'express.';
const HAS_NONE = /^(gateway|payment-provider)(-\d+)?$/;

/** Where a process can be held: a second instance, `payment-2`, at the points of the first. */
export function pointsOf(process: string, points: readonly string[]): readonly string[] {
  const service = process.replace(/-\d+$/, '');
  if (HAS_NONE.test(process)) return [];
  if (service === 'host') return points;
  return points.filter((point) => {
    const [, only] = OF_ONE.find(([begins]) => point.startsWith(begins)) ?? [];
    return !point.startsWith(OF_HOSTS) && (only === undefined || only === service);
  });
}
