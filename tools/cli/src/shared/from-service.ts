/**
 * A module of a service, found by its file: apps do not import apps, and some commands run, or show, what they run.
 *
 * Built code loads built code; under Jest, sources load sources.
 * @param path within the service's `src`, without its ending: `place-order/place-order.handler`
 */
export async function fromService<Module>(service: string, path: string): Promise<Module> {
  const built = import.meta.url.includes('/dist/');
  const file = built ? `dist/${path}.js` : `src/${path}.ts`;
  return (await import(new URL(`../../../${service}/${file}`, import.meta.url).href)) as Module;
}
