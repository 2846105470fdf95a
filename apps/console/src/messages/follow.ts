import type { LogMessage } from '../api/types.js';

/** What has come since the page was read, and what of it waits while the page is held still. */
export interface Followed {
  /** The newest first. */
  readonly shown: readonly LogMessage[];
  readonly waiting: readonly LogMessage[];
  readonly isHeld: boolean;
  /** Of those that came, how many older ones are kept no longer. */
  readonly dropped: number;
}

export const NOTHING_FOLLOWED: Followed = { shown: [], waiting: [], isHeld: false, dropped: 0 };
/** Of what is shown, and of what waits. */
export const FOLLOWED_MAX = 1_000;

export type FollowAction =
  | { readonly type: 'came'; readonly messages: readonly LogMessage[] }
  | { readonly type: 'hold' }
  | { readonly type: 'release' }
  | { readonly type: 'restart' };

export function followed(state: Followed, action: FollowAction): Followed {
  switch (action.type) {
    case 'restart':
      return NOTHING_FOLLOWED;
    case 'hold':
      return { ...state, isHeld: true };
    case 'release':
      return { ...onTop(state, 'shown', state.waiting), waiting: [], isHeld: false };
    case 'came':
      return onTop(state, state.isHeld ? 'waiting' : 'shown', action.messages.toReversed());
  }
}

/** @param newest the newest first */
function onTop(state: Followed, list: 'shown' | 'waiting', newest: readonly LogMessage[]): Followed {
  if (newest.length === 0) return state;
  const all = [...newest, ...state[list]];
  return {
    ...state,
    [list]: all.slice(0, FOLLOWED_MAX),
    dropped: state.dropped + Math.max(0, all.length - FOLLOWED_MAX),
  };
}
