import { describe, expect, it } from '@jest/globals';
import { childOf, continueTrace, formatTraceparent, newTrace, parseTraceparent } from './traceparent.js';

/** Goal: W3C Trace Context as specified: https://www.w3.org/TR/trace-context/#traceparent-header */
const TRACE = '0af7651916cd43dd8448eb211c80319c';
const SPAN = 'b7ad6b7169203331';

describe('a traceparent', () => {
  it('a traceparent is read as it was written', () => {
    const trace = newTrace();
    expect(parseTraceparent(formatTraceparent(trace))).toEqual(trace);
  });

  it('a traceparent says whether it is sampled, whatever its other flags', () => {
    expect(parseTraceparent(`00-${TRACE}-${SPAN}-01`)).toEqual({ traceId: TRACE, spanId: SPAN, sampled: true });
    expect(parseTraceparent(`00-${TRACE}-${SPAN}-02`)).toMatchObject({ sampled: false });
    expect(parseTraceparent(`00-${TRACE}-${SPAN}-03`)).toMatchObject({ sampled: true });
  });

  it('a traceparent of a later version may have more fields', () => {
    expect(parseTraceparent(`cc-${TRACE}-${SPAN}-01-what-comes`)).toMatchObject({ traceId: TRACE });
  });

  it.each([
    ['nothing', undefined],
    ['the empty text', ''],
    ['a forbidden version', `ff-${TRACE}-${SPAN}-01`],
    ['a trace of zeros', `00-${'0'.repeat(32)}-${SPAN}-01`],
    ['a span of zeros', `00-${TRACE}-${'0'.repeat(16)}-01`],
    ['upper case', `00-${TRACE.toUpperCase()}-${SPAN}-01`],
    ['more fields in version 00', `00-${TRACE}-${SPAN}-01-more`],
    ['too short an id', `00-${TRACE.slice(1)}-${SPAN}-01`],
    ['far too long a header', `cc-${TRACE}-${SPAN}-01-${'x'.repeat(5_000)}`],
  ])('an invalid traceparent begins a new trace: %s', (_what, header) => {
    expect(parseTraceparent(header)).toBeUndefined();
    const trace = continueTrace(header);
    expect(trace.traceId).not.toBe(TRACE);
    expect(parseTraceparent(formatTraceparent(trace))).toEqual(trace);
  });

  it('a traceparent is continued by a new span of the same trace, with the same sampling decision', () => {
    const child = continueTrace(`00-${TRACE}-${SPAN}-00`);
    expect(child).toMatchObject({ traceId: TRACE, sampled: false });
    expect(child.spanId).not.toBe(SPAN);
    expect(childOf(child)).toMatchObject({ traceId: TRACE });
  });
});
