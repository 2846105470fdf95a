/** `npm run build`: everything, as far as it changed. */
import { build } from './bootstrap.mjs';

try {
  await build();
} catch (error) {
  console.error(error.message);
  process.exitCode = 1;
}
