#!/usr/bin/env node
/** `npm run chaos`: what it does is in src/main.ts; here is only what that needs. */
import { bootstrap } from '../../../tools/bootstrap.mjs';

await bootstrap();
await import('../dist/main.js');
