#!/usr/bin/env node
/** `npm run bench`: what it does is in src/main.ts, and in src/strategies/main.ts for `strategies`; here is only what that needs. */
import { bootstrap } from '../../../tools/bootstrap.mjs';

await bootstrap();
await import(process.argv[2] === 'strategies' ? '../dist/strategies/main.js' : '../dist/main.js');
