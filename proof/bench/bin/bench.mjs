#!/usr/bin/env node
/** `npm run bench`: what it does is in src/main.ts, and in src/NAME/main.ts for `strategies` and `adaptive`; here is only what that needs. */
import { bootstrap } from '../../../tools/bootstrap.mjs';

await bootstrap();
const OWN = ['strategies', 'adaptive'];
const [, , wanted] = process.argv;
await import(OWN.includes(wanted) ? `../dist/${wanted}/main.js` : '../dist/main.js');
