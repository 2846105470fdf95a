/** `npm run simulate`: what it does is `backstep simulate`; here is only what that needs. */
import { bootstrap } from './bootstrap.mjs';

await bootstrap();
process.argv.splice(2, 0, 'simulate');
await import('./cli/bin/backstep.mjs');
