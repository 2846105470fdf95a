import pino from 'pino';
import type { LogLevel } from '../config/platform-config.js';
import { redact, redactText } from '@backstep/redaction';

/** What a line is about, by name. */
export type LogFields = Readonly<Record<string, unknown>>;

/**
 * Writes one JSON object a line: `level`, `time` (RFC 3339), `service`, the fields, `msg`. The subject of a line is among its fields, always
 * by the same names: `cakeId`, `sagaId`, `traceId`, `requestId`. Secrets are hidden in all fields. Give an exception as `error`. Never throws.
 *
 * A class and not an interface, so that it is its own injection token.
 */
export abstract class Logger {
  abstract debug(message: string, fields?: LogFields): void;
  abstract info(message: string, fields?: LogFields): void;
  abstract warn(message: string, fields?: LogFields): void;
  abstract error(message: string, fields?: LogFields): void;
  /** A logger that adds these fields to each line, such as the name of a component. */
  abstract child(fields: LogFields): Logger;
  /** Writes the lines that are still in memory, synchronously. */
  abstract flush(): void;
}

/** The target of lines. `write` gets one line with its line end. */
export interface LogDestination {
  write(line: string): void;
  flushSync?(): void;
}

/** What {@link createLogger} writes, and where to. */
export interface LoggerOptions {
  readonly service: string;
  readonly level: LogLevel;
  /** Standard output when left out. */
  readonly destination?: LogDestination;
}

/** A logger that writes JSON: see {@link Logger}. */
export function createLogger({ service, level, destination = standardOutput() }: LoggerOptions): Logger {
  const sink = pino(
    {
      level,
      base: { service },
      timestamp: pino.stdTimeFunctions.isoTime,
      formatters: { level: (label) => ({ level: label }) },
    },
    destination,
  );
  return new PinoLogger(sink, () => destination.flushSync?.());
}

/** How much waits in memory when nobody reads the output. Lines beyond it are dropped, and their number is logged once output flows again. */
const OUTPUT_BUFFER_MAX_BYTES = 1024 * 1024;

/**
 * Standard output that neither blocks nor grows. A synchronous write blocks the whole service when the reader of the pipe stalls, and Node's
 * own stream grows without a bound. This one writes in the background, drops lines beyond its bound, and is silent when the reader is gone.
 * Lines in memory are written at exit.
 */
export function standardOutput(): LogDestination {
  const output = pino.destination({ fd: process.stdout.fd ?? 1, sync: false, maxLength: OUTPUT_BUFFER_MAX_BYTES });
  let dropped = 0;
  output.on('drop', () => (dropped += 1));
  output.on('drain', () => {
    if (dropped === 0) return;
    const line = JSON.stringify({
      level: 'warn',
      time: new Date().toISOString(),
      dropped,
      msg: 'log lines were dropped',
    });
    dropped = 0;
    output.write(`${line}\n`);
  });
  return output;
}

class PinoLogger extends Logger {
  constructor(
    private readonly sink: pino.Logger,
    private readonly flushSink: () => void,
  ) {
    super();
  }

  debug(message: string, fields?: LogFields): void {
    this.write('debug', message, fields);
  }

  info(message: string, fields?: LogFields): void {
    this.write('info', message, fields);
  }

  warn(message: string, fields?: LogFields): void {
    this.write('warn', message, fields);
  }

  error(message: string, fields?: LogFields): void {
    this.write('error', message, fields);
  }

  child(fields: LogFields): Logger {
    return new PinoLogger(this.sink.child(redact(fields) as Record<string, unknown>), this.flushSink);
  }

  flush(): void {
    this.flushSink();
  }

  private write(level: LogLevel, message: string, fields: LogFields | undefined): void {
    if (!this.sink.isLevelEnabled(level)) return;
    this.sink[level](safeFields(fields), redactText(message));
  }
}

/** A getter that throws must not make the logging code throw. */
function safeFields(fields: LogFields = {}): Record<string, unknown> {
  try {
    return redact(fields) as Record<string, unknown>;
  } catch (error) {
    return { unloggable: redactText(String(error)) };
  }
}
