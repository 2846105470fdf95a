import type { SagaFilter } from './queries.js';

let shown: SagaFilter = {};

/** This list is shown. */
export function sagasAreShown(filter: SagaFilter): void {
  shown = filter;
}

/** The list that was shown last, in this tab: where a saga was opened from. Of a saga that a link has opened: all sagas. */
export const sagasShownLast = (): SagaFilter => shown;
