import type { Command } from 'commander';
import { momentIn } from './since.js';

/** Milliseconds since the epoch. */
export interface SpanOptions {
  readonly from?: number | undefined;
  readonly to?: number | undefined;
}

/** `--from` and `--to` of a list. @param what begins then, such as `placed` */
export const withSpanOptions = (command: Command, what: string): Command =>
  command
    .option(
      '--from <when>',
      `only those ${what} then or later: 10m, 2h, 1d ago, or a time such as 2026-03-01T12:30`,
      momentIn,
    )
    .option('--to <when>', `only those ${what} before then`, momentIn);

/** As the API takes them. */
export const spanQuery = ({
  from,
  to,
}: SpanOptions): { readonly from: string | undefined; readonly to: string | undefined } => ({
  from: timeOf(from),
  to: timeOf(to),
});

const timeOf = (ms: number | undefined): string | undefined =>
  ms === undefined ? undefined : new Date(ms).toISOString();
