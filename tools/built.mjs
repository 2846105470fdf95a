/** What `npm run lint` and `npm run typecheck` begin with: the packages and the build, where they are not up to date. */
import { bootstrap } from './bootstrap.mjs';

await bootstrap();
