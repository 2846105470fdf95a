/** One event of a stream. A comment has text and no data. */
export interface ServerSentEvent {
  /** `message` where the stream names none. */
  readonly event: string;
  /** Empty: there is nothing to resume after. */
  readonly id: string | undefined;
  readonly data: string;
}

/** A message has at most 256 KB; more without an end of the event is no stream of ours. */
const EVENT_CHARACTERS_MAX = 2 * 1024 * 1024;

/**
 * Reads server-sent events from text that comes in any pieces (https://html.spec.whatwg.org/multipage/server-sent-events.html).
 * Comments, retry times and other fields are passed over.
 * @throws RangeError when one event is too long to be ours
 */
export async function* serverSentEvents(chunks: AsyncIterable<string>): AsyncGenerator<ServerSentEvent, void, void> {
  let rest = '';
  for await (const chunk of chunks) {
    const blocks = (rest + chunk).split('\n\n');
    rest = blocks.pop() ?? '';
    if (rest.length > EVENT_CHARACTERS_MAX)
      throw new RangeError(`an event has more than ${EVENT_CHARACTERS_MAX} characters`);
    for (const block of blocks) {
      const event = eventOf(block);
      if (event) yield event;
    }
  }
}

function eventOf(block: string): ServerSentEvent | undefined {
  let event = 'message';
  let id: string | undefined;
  const data: string[] = [];
  for (const line of block.split('\n')) {
    const [, field, value = ''] = /^(\w+): ?(.*)$/.exec(line) ?? [];
    if (field === 'event') event = value;
    if (field === 'id') id = value;
    if (field === 'data') data.push(value);
  }
  return data.length === 0 ? undefined : { event, id, data: data.join('\n') };
}
