import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { brotliCompressSync, constants, gzipSync } from 'node:zlib';
import react from '@vitejs/plugin-react';
import { defineConfig } from 'vite';

const here = (path) => fileURLToPath(new URL(path, import.meta.url));
/** The gateway that `npm run console` shows: its own page is rebuilt as sources are saved. */
const GATEWAY = process.env.BACKSTEP_GATEWAY ?? 'http://127.0.0.1:3000';
const OUT = here('dist/site');

export default defineConfig({
  root: here('.'),
  plugins: [react(), beforePaint(), stylesFirst(), compressed()],
  worker: { format: 'es' },
  build: {
    outDir: OUT,
    emptyOutDir: true,
    manifest: 'manifest.json',
    // They travel with what is bundled of others.
    license: { fileName: 'licenses.md' },
    target: 'es2023',
    cssTarget: ['chrome125', 'firefox128', 'safari18'],
    // A file of its own for everything: the policy of the page allows no inline script.
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    reportCompressedSize: false,
    // To compress takes most of the time, and is meant to.
    rolldownOptions: { checks: { pluginTimings: false } },
  },
  server: { proxy: Object.fromEntries(['/v1', '/docs', '/openapi.json', '/health'].map((path) => [path, GATEWAY])) },
});

/** A classic script that stands before everything else: a module would run after the first paint, in the wrong colours. */
function beforePaint() {
  const source = here('src/theme/before-paint.js');
  const NAME = 'before-paint.js';
  let isBuild = false;
  return {
    name: 'backstep-before-paint',
    configResolved({ command }) {
      isBuild = command === 'build';
    },
    buildStart() {
      if (isBuild) this.emitFile({ type: 'asset', name: NAME, source: readFileSync(source, 'utf8') });
    },
    transformIndexHtml(_html, { bundle }) {
      const built = Object.values(bundle ?? {}).find(({ type, names }) => type === 'asset' && names.includes(NAME));
      const src = bundle ? `/${built.fileName}` : '/src/theme/before-paint.js';
      return [{ tag: 'script', attrs: { src }, injectTo: 'head-prepend' }];
    },
  };
}

/** Nothing is painted before the styles are there: over six connections they would wait behind fifteen scripts. */
function stylesFirst() {
  const STYLE = /^ *<link rel="stylesheet"[^>]*>\n/gm;
  const FIRST_MODULE = /^ *<script type="module"/m;
  return {
    name: 'backstep-styles-first',
    apply: 'build',
    transformIndexHtml: {
      order: 'post',
      handler: (html) =>
        html.replaceAll(STYLE, '').replace(FIRST_MODULE, (module) => (html.match(STYLE) ?? []).join('') + module),
    },
  };
}

/** Beside each file its compressed forms: the gateway compresses nothing. */
function compressed() {
  return {
    name: 'backstep-compressed',
    apply: 'build',
    writeBundle() {
      const folder = join(OUT, 'assets');
      for (const name of readdirSync(folder).filter((one) => /\.(js|css|svg)$/.test(one))) {
        const bytes = readFileSync(join(folder, name));
        const quality = { [constants.BROTLI_PARAM_QUALITY]: constants.BROTLI_MAX_QUALITY };
        writeFileSync(join(folder, `${name}.br`), brotliCompressSync(bytes, { params: quality }));
        writeFileSync(join(folder, `${name}.gz`), gzipSync(bytes, { level: constants.Z_BEST_COMPRESSION }));
      }
    },
  };
}
