import { type Config, ConfigError, type Declaration, loadConfig } from './config.js';

/** {@link loadConfig} for a process that is started by hand: a wrong environment is printed, a line for each variable, and ends the process. */
export const configOrExit = <D extends Declaration>(name: string, declaration: D): Config<D> =>
  configsOrExit([{ name, load: () => loadConfig(declaration) }])[0] as Config<D>;

/**
 * Configuration errors are for the person who starts the process: plain lines, no stack, no JSON. Those of all services are printed before the
 * process ends.
 */
export function configsOrExit<T>(services: readonly { readonly name: string; readonly load: () => T }[]): T[] {
  const problems: string[] = [];
  const configs = services.flatMap(({ name, load }): T[] => {
    try {
      return [load()];
    } catch (error) {
      if (!(error instanceof ConfigError)) throw error;
      problems.push(...error.problems.map((problem) => `${name}: ${problem}`));
      return [];
    }
  });
  if (problems.length === 0) return configs;
  process.stderr.write(`${problems.join('\n')}\n`);
  return process.exit(1);
}
