/** Where one stands in a list, as far as it was read. */
export interface Place {
  /** -1: it is not in it. */
  readonly index: number;
  readonly before: string | undefined;
  readonly after: string | undefined;
}

export function placeIn(ids: readonly string[], id: string): Place {
  const index = ids.indexOf(id);
  return { index, before: ids[index - 1], after: index < 0 ? undefined : ids[index + 1] };
}
