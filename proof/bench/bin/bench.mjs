#!/usr/bin/env node
/** `npm run bench`: what it does is in src/main.ts, and in src/NAME/main.ts for those in OWN; here is only what that needs. */
import { bootstrap } from '../../../tools/bootstrap.mjs';

await bootstrap();
const OWN = ['strategies', 'adaptive', 'crossing', 'hold'];
const [, , wanted] = process.argv;
await import(OWN.includes(wanted) ? `../dist/${wanted}/main.js` : '../dist/main.js');
