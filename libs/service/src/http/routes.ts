import { ProblemError, PROBLEMS } from '@backstep/problems';
import type { FastifyInstance, RouteOptions } from 'fastify';
import { sendProblem } from './send-problem.js';

interface Route {
  readonly method: string;
  readonly segments: readonly string[];
}

/** The methods of each path, for the `Allow` header of a 405. Fastify itself answers 404 to a wrong method. */
export class RouteTable {
  private readonly routes: Route[] = [];

  /** Must be called before any route is added. */
  watch(fastify: FastifyInstance): void {
    fastify.addHook('onRoute', (options) => {
      const segments = segmentsOf(options.url);
      for (const method of [options.method].flat()) this.routes.push({ method, segments });
      if (segments.some(isParameter)) this.leaveNamedPathsAlone(options, segments);
    });
  }

  methodsOf(path: string): readonly string[] {
    const segments = segmentsOf(path);
    const matching = this.routes.filter((route) => matches(route.segments, segments));
    const [nearest] = [...matching].sort((a, b) => parametersIn(a) - parametersIn(b));
    const methods = matching.filter((route) => nearest && parametersIn(route) === parametersIn(nearest));
    return [...new Set(methods.map(({ method }) => method))].sort();
  }

  /**
   * Fastify looks for the route of each method by itself: where `/sagas/operations` has POST alone, a GET of it reaches `/sagas/:id`, which would answer
   * that `operations` is no id. The path is a name of its own, and that method is none of its methods.
   */
  private leaveNamedPathsAlone(options: RouteOptions, segments: readonly string[]): void {
    let rivals: readonly Route[] | undefined;
    const refuse: RouteOptions['onRequest'] = (request, reply, done) => {
      // All routes are known by the first request. Few routes have a rival, so an ordinary request costs nothing here.
      rivals ??= this.routes.filter((other) => isNearer(other.segments, segments));
      if (rivals.length === 0) return done();
      const path = request.url.split('?', 1)[0] ?? '';
      const given = segmentsOf(path);
      if (!rivals.some((rival) => matches(rival.segments, given))) return done();
      sendProblem(methodNotAllowed(this.methodsOf(path)), request, reply);
    };
    options.onRequest = [options.onRequest ?? [], refuse].flat();
  }
}

export const methodNotAllowed = (methods: readonly string[]): ProblemError =>
  new ProblemError(PROBLEMS.methodNotAllowed, { headers: { allow: methods.join(', ') } });

const segmentsOf = (path: string): readonly string[] => path.split('/').slice(1);
const isParameter = (segment: string): boolean => segment.startsWith(':');
const parametersIn = ({ segments }: Route): number => segments.filter(isParameter).length;

/** Whether a route has a name where the other has a parameter, and may be asked for by the same path. */
const isNearer = (route: readonly string[], other: readonly string[]): boolean =>
  route.length === other.length &&
  route.every(
    (segment, index) => segment === other[index] || isParameter(other[index] ?? '') || isParameter(segment),
  ) &&
  route.filter(isParameter).length < other.filter(isParameter).length;

function matches(route: readonly string[], path: readonly string[]): boolean {
  if (route.at(-1) === '*') return route.slice(0, -1).every((segment, index) => matchesOne(segment, path[index]));
  return route.length === path.length && route.every((segment, index) => matchesOne(segment, path[index]));
}

const matchesOne = (segment: string, given: string | undefined): boolean =>
  given !== undefined && (segment === given || (segment.startsWith(':') && given !== ''));
