#!/usr/bin/env node
import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const main = new URL('../dist/main.js', import.meta.url);
if (existsSync(fileURLToPath(main))) {
  await import(main.href);
} else {
  console.error('Backstep is not built yet: `npm start` installs, builds and starts it; `npm run build` only builds.');
  process.exitCode = 1;
}
