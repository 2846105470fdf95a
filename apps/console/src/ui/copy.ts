import { announce } from '../shell/announce.js';

/** Says what was copied: nothing else on the page changes. */
export async function copy(text: string, what: string): Promise<void> {
  try {
    await navigator.clipboard.writeText(text);
    announce(`Copied ${what}.`);
  } catch {
    announce('The browser does not let this page write to the clipboard.');
  }
}
