/**
 * Finds a browser to look at pages with: what `BACKSTEP_BROWSER` names, else Chromium, Chrome or Edge of this machine, else the binary of the
 * package `@sparticuz/chromium` where somebody has installed it. Nothing is downloaded.
 */
import { accessSync, constants } from 'node:fs';
import { delimiter, join } from 'node:path';

/** Instead of a path: a machine without a browser fails. */
const REQUIRED = 'required';
/** First the one that is made for this: it has the same engine, and no window to keep. */
const NAMES = [
  'chromium-headless-shell',
  'chromium',
  'google-chrome',
  'google-chrome-stable',
  'chromium-browser',
  'msedge',
  'microsoft-edge',
];
const PLACES = [
  '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
  '/Applications/Chromium.app/Contents/MacOS/Chromium',
  '/Applications/Microsoft Edge.app/Contents/MacOS/Microsoft Edge',
  String.raw`C:\Program Files\Google\Chrome\Application\chrome.exe`,
  String.raw`C:\Program Files (x86)\Microsoft\Edge\Application\msedge.exe`,
];

export const NO_BROWSER =
  'No browser is found: `apt-get install --no-install-recommends chromium-headless-shell`, or `npm i --no-save @sparticuz/chromium@143.0.4`, ' +
  'or BACKSTEP_BROWSER=<path of a Chromium>.';

/** @returns the path of its program; undefined when there is none @throws Error when BACKSTEP_BROWSER=required and there is none */
export async function findBrowser(environment = process.env) {
  const { BACKSTEP_BROWSER: named, PATH = '' } = environment;
  if (named && named !== REQUIRED) return named;
  const onPath = NAMES.flatMap((name) => PATH.split(delimiter).map((folder) => join(folder, name)));
  const found = [...onPath, ...PLACES].find(isProgram) ?? (await packaged());
  if (found === undefined && named === REQUIRED) throw new Error(NO_BROWSER);
  return found;
}

/** Its binary alone: its own arguments switch off what keeps pages apart. */
async function packaged() {
  try {
    const { default: chromium } = await import('@sparticuz/chromium');
    return await chromium.executablePath();
  } catch {
    return undefined;
  }
}

function isProgram(path) {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}
