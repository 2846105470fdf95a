import type { LoggerService } from '@nestjs/common';
import type { Logger } from './logger.js';

/** Contexts in which Nest logs every module and route. These lines help only to debug the wiring. */
const CHATTY_CONTEXTS = new Set([
  'NestFactory',
  'InstanceLoader',
  'RoutesResolver',
  'RouterExplorer',
  'NestApplication',
  'NestMicroservice',
]);

/** Sends Nest's own log lines to our logger. */
export class NestLogger implements LoggerService {
  constructor(private readonly logger: Logger) {}

  log(message: unknown, ...rest: unknown[]): void {
    const context = contextOf(rest);
    const level = context !== undefined && CHATTY_CONTEXTS.has(context) ? 'debug' : 'info';
    this.logger[level](textOf(message), { context });
  }

  warn(message: unknown, ...rest: unknown[]): void {
    this.logger.warn(textOf(message), { context: contextOf(rest) });
  }

  error(message: unknown, ...rest: unknown[]): void {
    // Nest calls error(message, stack, context), error(error, context) and error(message, context).
    const stack = rest.length > 1 && typeof rest[0] === 'string' ? rest[0] : undefined;
    const error = message instanceof Error ? message : undefined;
    this.logger.error(textOf(message), { context: contextOf(rest), error, stack });
  }

  fatal(message: unknown, ...rest: unknown[]): void {
    this.error(message, ...rest);
  }

  debug(message: unknown, ...rest: unknown[]): void {
    this.logger.debug(textOf(message), { context: contextOf(rest) });
  }

  verbose(message: unknown, ...rest: unknown[]): void {
    this.debug(message, ...rest);
  }
}

function contextOf(rest: readonly unknown[]): string | undefined {
  const last = rest.at(-1);
  return typeof last === 'string' ? last : undefined;
}

function textOf(message: unknown): string {
  if (message instanceof Error) return message.message;
  return typeof message === 'string' ? message : (JSON.stringify(message) ?? String(message));
}
