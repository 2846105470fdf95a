const EVENT_STREAM = 'text/event-stream';
const REFUSED = /;\s*q=0(\.0{1,3})?\s*(;|$)/;

/** Whether a client requests a stream. It must name the media type: a client that accepts anything (curl, a browser) gets JSON. */
export const acceptsEventStream = (accept: string | undefined): boolean =>
  (accept?.toLowerCase().split(',') ?? []).some(
    (range) => range.split(';', 1)[0]?.trim() === EVENT_STREAM && !REFUSED.test(range),
  );
