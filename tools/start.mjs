/** `npm start`: from a bare clone to orders flowing. What it does is `backstep up`; here is only what that needs. */
import { bootstrap } from './bootstrap.mjs';

await bootstrap();
// In this same process: signals arrive where they are handled, and no second Node sits idle.
process.argv.splice(2, 0, 'up');
await import('./cli/bin/backstep.mjs');
