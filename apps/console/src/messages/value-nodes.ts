/** How many values a value has in it, itself included; no more than `max` are counted. */
export function nodesOf(value: unknown, max = Infinity): number {
  let count = 0;
  const left: unknown[] = [value];
  while (left.length > 0 && count < max) {
    const one = left.pop();
    count++;
    if (typeof one === 'object' && one !== null) for (const inner of Object.values(one)) left.push(inner);
  }
  return count;
}
