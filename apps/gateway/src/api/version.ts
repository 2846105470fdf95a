import { readFileSync } from 'node:fs';

/** Of the API, which is the version of this package. */
export const { version: API_VERSION } = JSON.parse(
  readFileSync(new URL('../../package.json', import.meta.url), 'utf8'),
) as { readonly version: string };
