import { type ArgumentsHost, Catch, type ExceptionFilter, HttpException, Logger } from '@nestjs/common';
import { problemOf } from '../problem-of.js';
import { ProblemError, PROBLEMS } from '../problems.js';
import { httpProblem } from './http-problem.js';
import { type HttpReply, type HttpRequest, pathOf, rawOf, sendProblem } from './send-problem.js';

/** What an application adds to the filter. Without any it answers and logs as {@link ProblemFilter} says. */
export interface ProblemFilterOptions<Request extends HttpRequest = HttpRequest> {
  /** What an application's own errors say to a client. Asked of all but a ProblemError; undefined: the filter decides. Must not throw. */
  readonly problemOf?: (thrown: unknown, request: Request) => ProblemError | undefined;
  /** The id by which the log knows the request: the answer's member `requestId`. Default: none. */
  readonly requestId?: (request: Request) => string | undefined;
  /** Told of every problem before it is answered. Default: Nest's own logger, told of a status of 500 or more. Must not throw. */
  readonly log?: (problem: ProblemError, thrown: unknown, request: Request) => void;
}

/**
 * Turns any thrown value into problem details (RFC 9457), on Express and on Fastify:
 *
 *     app.useGlobalFilters(new ProblemFilter());
 *
 * - A ProblemError is answered as it says.
 * - An error of the kit that is transient (overloaded, the database is away) becomes 503 with `Retry-After`; a message too large for Kafka
 *   becomes 413.
 * - An exception of Nest keeps its status, its message and the further members of its response. A status without a problem of its own becomes
 *   `about:blank`.
 * - Any other error is a bug: it becomes a 500 without details, and a log line with all of them.
 *
 * An error outside HTTP is thrown again.
 */
@Catch()
export class ProblemFilter<Request extends HttpRequest = HttpRequest> implements ExceptionFilter {
  private readonly log: NonNullable<ProblemFilterOptions<Request>['log']>;

  constructor(private readonly options: ProblemFilterOptions<Request> = {}) {
    this.log = options.log ?? logFailures();
  }

  catch(thrown: unknown, host: ArgumentsHost): void {
    if (host.getType() !== 'http') throw thrown;
    const request = host.switchToHttp().getRequest<Request>();
    const reply = host.switchToHttp().getResponse<HttpReply>();
    const problem = this.asProblem(thrown, request);
    this.log(problem, thrown, request);
    // A part of the answer was sent already. Only a closed connection can still tell the client of the failure.
    if (rawOf(reply).headersSent) rawOf(reply).destroy();
    else sendProblem(problem, request, reply, this.options.requestId?.(request));
  }

  private asProblem(thrown: unknown, request: Request): ProblemError {
    const problem = problemIn(thrown);
    if (problem) return problem;
    return (
      this.options.problemOf?.(thrown, request) ??
      problemOf(thrown) ??
      httpProblem(thrown) ??
      new ProblemError(PROBLEMS.internal, { cause: thrown })
    );
  }
}

/** Nest wraps what a parser or a middleware throws in an exception of its own. */
function problemIn(thrown: unknown): ProblemError | undefined {
  const inner = thrown instanceof HttpException ? thrown.cause : thrown;
  return inner instanceof ProblemError ? inner : undefined;
}

function logFailures(): (problem: ProblemError, thrown: unknown, request: HttpRequest) => void {
  const logger = new Logger('ProblemFilter');
  return ({ problem, status }, thrown, request) => {
    if (status < 500 || problem === PROBLEMS.overloaded) return;
    const what = `${request.method} ${pathOf(request)}: ${status} ${problem.title}`;
    if (problem === PROBLEMS.internal) logger.error(what, thrown instanceof Error ? thrown.stack : String(thrown));
    else logger.warn(`${what}: ${String(thrown)}`);
  };
}
