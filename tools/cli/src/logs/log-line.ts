/** One line of a service's log. What is no JSON (a crash, Node's own warnings) has its text alone. */
export interface LogLine {
  /** RFC 3339, UTC; of a line that is no JSON that of the line before it, as far as there is one. */
  readonly time: string;
  readonly level: string;
  /** What wrote it: the service, or the process where the line does not say. */
  readonly service: string;
  readonly msg: string;
  readonly fields: Readonly<Record<string, unknown>>;
}

const ISO = /^\d{4}-\d{2}-\d{2}T/;

/** @param process what the log's file is named after @param before the time of the line before */
export function parseLogLine(text: string, process: string, before: string): LogLine {
  const { time, level, service, msg, ...fields } = jsonIn(text) ?? { msg: text };
  return {
    time: typeof time === 'string' && ISO.test(time) ? time : before,
    level: typeof level === 'string' ? level : '',
    service: typeof service === 'string' ? service : process,
    msg: typeof msg === 'string' ? msg : '',
    fields,
  };
}

function jsonIn(text: string): Record<string, unknown> | undefined {
  if (!text.startsWith('{')) return undefined;
  try {
    return JSON.parse(text) as Record<string, unknown>;
  } catch {
    return undefined;
  }
}
