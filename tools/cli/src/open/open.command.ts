import type { Command } from 'commander';
import { teach } from '../shared/exit-codes.js';
import { print, printJson } from '../shared/output.js';
import { printable } from '../shared/safe-text.js';
import { gatewayOf, withCommonOptions, type CommonOptions } from '../shared/where.js';
import { browserHere, openIn } from './browser.js';

interface OpenOptions extends CommonOptions {
  readonly browser: boolean;
}

/** `backstep open`: the API's documentation, in a browser where there is one. */
export function open(program: Command): void {
  const command = program
    .command('open')
    .description("open the API's documentation in a browser; where there is none, its address is printed")
    .option('--no-browser', 'only print the address')
    .action(async ({ json, browser, ...where }: OpenOptions) => {
      const url = `${await gatewayOf(where)}/docs`;
      const program = browser ? browserHere() : undefined;
      const opened = program !== undefined && (await openIn(program, url));
      if (json) printJson({ url, opened });
      else print(printable(url));
    });
  teach(withCommonOptions(command), ['open', 'open --no-browser']);
}
