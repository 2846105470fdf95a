import type { FastifyInstance } from 'fastify';

/** The methods of each path, for the `Allow` header of a 405. Fastify itself answers 404 to a wrong method. */
export class RouteTable {
  private readonly routes: { readonly method: string; readonly segments: readonly string[] }[] = [];

  /** Must be called before any route is added. */
  watch(fastify: FastifyInstance): void {
    fastify.addHook('onRoute', ({ method, url }) => {
      const segments = segmentsOf(url);
      for (const name of [method].flat()) this.routes.push({ method: name, segments });
    });
  }

  methodsOf(path: string): readonly string[] {
    const segments = segmentsOf(path);
    const methods = this.routes.filter((route) => matches(route.segments, segments)).map(({ method }) => method);
    return [...new Set(methods)].sort();
  }
}

const segmentsOf = (path: string): readonly string[] => path.split('/').slice(1);

function matches(route: readonly string[], path: readonly string[]): boolean {
  if (route.at(-1) === '*') return route.slice(0, -1).every((segment, index) => matchesOne(segment, path[index]));
  return route.length === path.length && route.every((segment, index) => matchesOne(segment, path[index]));
}

const matchesOne = (segment: string, given: string | undefined): boolean =>
  given !== undefined && (segment === given || (segment.startsWith(':') && given !== ''));
