import { addressOf } from '../api/read.js';
import { curlOf, shellText } from '../ui/curl.js';
import { keyOf } from './contention-search.js';

/** The same in the terminal: of the key that is selected first. */
export function commandsFor(sel: string | undefined): readonly string[] {
  const key = sel === undefined ? undefined : keyOf(sel);
  const path = '/v1/contention/keys/{service}/{entity}/{key}';
  return [
    ...(key && sel !== undefined
      ? [
          `npx backstep contention --key ${shellText(sel)}`,
          curlOf({ method: 'GET', url: `${location.origin}${addressOf(path, { path: { ...key } })}` }),
        ]
      : []),
    'npx backstep contention --watch',
    curlOf({ method: 'GET', url: `${location.origin}/v1/contention` }),
  ];
}
