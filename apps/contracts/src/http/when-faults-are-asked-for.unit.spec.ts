import { readFileSync } from 'node:fs';
import { expect, it } from '@jest/globals';
import { controlAddressOf, controlText, FaultRequest, PAUSE_POINTS } from './index.js';

/** Goal: a process can be held at every point that there is, and at no other; and the gateway reads where to ask as the starter has written it. */
const PAGE = new URL('../../../../docs/pause-points.md', import.meta.url);
/** In the database server: see the page. */
const NOT_OURS = 'placement.during-commit';
const SECRET = '0123456789abcdef'.repeat(4);

it('the points at which a process can be held are those of docs/pause-points.md', () => {
  const rows = [...readFileSync(PAGE, 'utf8').matchAll(/^\| `([\w.-]+)`/gm)].map(([, name]) => name);
  expect([...PAUSE_POINTS]).toEqual(rows.filter((name) => name !== NOT_OURS));
});

it('the document’s examples of a fault are accepted', () => {
  const examples = FaultRequest.meta()?.['examples'] as readonly unknown[];
  for (const example of examples) expect(FaultRequest.safeParse(example).success).toBe(true);
});

it.each([
  { secret: SECRET, at: { port: 4711 } },
  { secret: SECRET, at: { socketPath: '/home/ada@work/clone/.backstep/control.sock' } },
])('an address is read as it was written: %j', (address) => {
  expect(controlAddressOf(controlText(address))).toEqual(address);
});

it.each(['', SECRET, `${SECRET}@`, `short@/tmp/control.sock`, `${SECRET}@control.sock`, `${SECRET}@evil.example:80`])(
  'what is no address is none: %j',
  (text) => expect(controlAddressOf(text)).toBeUndefined(),
);
