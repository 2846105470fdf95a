#!/usr/bin/env node
/** `npm run bench`: what it does is in src/main.ts, and in src/NAME/main.ts for those in OWN and for `--peers`; here is only what that needs. */
import { bootstrap } from '../../../tools/bootstrap.mjs';

await bootstrap();
const OWN = ['strategies', 'adaptive', 'console', 'crossing', 'hold'];
const [, , ...args] = process.argv;
const wanted = args.includes('--peers') ? 'peers' : OWN.find((name) => name === args[0]);
await import(wanted === undefined ? '../dist/main.js' : `../dist/${wanted}/main.js`);
