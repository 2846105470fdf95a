import { randomHex } from './random-hex.js';

/**
 * W3C Trace Context, level 1 (https://www.w3.org/TR/trace-context/): the `traceparent` header ties all hops of one request together.
 * `00-<trace id, 16 bytes>-<span id, 8 bytes>-<flags>`, lower-case hex.
 */
export interface TraceContext {
  readonly traceId: string;
  readonly spanId: string;
  readonly sampled: boolean;
}

const TRACEPARENT = /^([0-9a-f]{2})-([0-9a-f]{32})-([0-9a-f]{16})-([0-9a-f]{2})(-.*)?$/;
const ZERO_TRACE = '0'.repeat(32);
const ZERO_SPAN = '0'.repeat(16);
const SAMPLED = 0x01;
/** A later version may append fields. A longer header is not sensible. */
const TRACEPARENT_MAX_CHARACTERS = 512;

/** Reads a `traceparent`; undefined when it is not valid, in which case the specification asks for a new trace. */
export function parseTraceparent(header: string | undefined): TraceContext | undefined {
  if (!header || header.length > TRACEPARENT_MAX_CHARACTERS) return undefined;
  const [, version, traceId, spanId, flags, more] = TRACEPARENT.exec(header) ?? [];
  if (!version || !traceId || !spanId || !flags) return undefined;
  if (version === 'ff' || traceId === ZERO_TRACE || spanId === ZERO_SPAN) return undefined;
  // Version 00 ends after the flags. Later versions may have more fields.
  if (version === '00' && more !== undefined) return undefined;
  return { traceId, spanId, sampled: (Number.parseInt(flags, 16) & SAMPLED) === SAMPLED };
}

/** Writes a context as version 00. */
export const formatTraceparent = ({ traceId, spanId, sampled }: TraceContext): string =>
  `00-${traceId}-${spanId}-${sampled ? '01' : '00'}`;

/** A new trace, with its first span. */
export const newTrace = (): TraceContext => ({ traceId: idOf(16), spanId: idOf(8), sampled: true });

/** The next hop: the same trace and sampling decision, a new span. */
export const childOf = (parent: TraceContext): TraceContext => ({ ...parent, spanId: idOf(8) });

/** The next hop of this header's trace, or a new trace when there is no valid header. */
export function continueTrace(header: string | undefined): TraceContext {
  const parent = parseTraceparent(header);
  return parent ? childOf(parent) : newTrace();
}

function idOf(bytes: number): string {
  const hex = randomHex(bytes);
  // All zeros means "invalid", with a chance of one in 2^64.
  return /[^0]/.test(hex) ? hex : idOf(bytes);
}
