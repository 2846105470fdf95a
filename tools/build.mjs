/** `npm run build`: everything, as far as it changed. */
import { alone, build } from './bootstrap.mjs';

try {
  await alone(build);
} catch (error) {
  console.error(error.message);
  process.exitCode = 1;
}
