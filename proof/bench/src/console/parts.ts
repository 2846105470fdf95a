import type { Part } from './bench.js';
import { evidence } from './evidence.js';
import { firstLoad } from './first-load.js';
import { lanes } from './lanes.js';
import { followLive, followMessages } from './follow.js';
import { messages } from './messages.js';
import { scroll } from './scroll.js';
import { stream } from './stream.js';

/** In this sequence: what needs an idle system comes before what makes orders. */
export const PARTS = {
  evidence,
  messages,
  'first-load': firstLoad,
  scroll,
  lanes,
  stream,
  follow: followMessages,
  live: followLive,
} satisfies Readonly<Record<string, Part>>;

export type PartName = keyof typeof PARTS;
