import { chmodSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { waitUntil } from '@backstep/testing';
import { browserOf, openIn, type Desk } from './browser.js';

/** Goal: an address is opened where somebody can see it, and only printed where nobody can. Method: real programs stand in for browsers. */
const desk = (change: Partial<Desk>): Desk => ({ platform: 'linux', environment: {}, has: () => true, ...change });

describe('the browser', () => {
  it.each<[string, Partial<Desk>, string | undefined]>([
    ['macOS', { platform: 'darwin' }, 'open'],
    ['Windows', { platform: 'win32' }, 'cmd'],
    ['Linux with a screen', { environment: { DISPLAY: ':0' } }, 'xdg-open'],
    ['Linux with Wayland', { environment: { WAYLAND_DISPLAY: 'wayland-0' } }, 'xdg-open'],
    ['Linux with a screen and nothing that opens', { environment: { DISPLAY: ':0' }, has: () => false }, undefined],
    ['a server that is logged in to', {}, undefined],
    ['WSL', { environment: { WSL_DISTRO_NAME: 'Debian' } }, 'wslview'],
    ['who names one', { environment: { BROWSER: 'firefox' } }, 'firefox'],
  ])('the browser of %s is found', (_, change, command) => expect(browserOf(desk(change))?.command).toBe(command));

  it('the browser gets the address', async () => {
    const dir = mkdtempSync(join(tmpdir(), 'backstep-browser-'));
    try {
      const [program, seen] = [join(dir, 'browser'), join(dir, 'seen')];
      writeFileSync(program, `#!/bin/sh\nprintf '%s' "$1" > ${seen}.part && mv ${seen}.part ${seen}\n`);
      chmodSync(program, 0o755);
      expect(await openIn({ command: program, args: [] }, 'http://127.0.0.1:3000/docs')).toBe(true);
      const told = await waitUntil('the browser was told', () => {
        try {
          return Promise.resolve(readFileSync(seen, 'utf8'));
        } catch {
          return Promise.resolve(undefined);
        }
      });
      expect(told).toBe('http://127.0.0.1:3000/docs');
    } finally {
      rmSync(dir, { recursive: true });
    }
  });

  it('a browser that cannot be started is reported', async () => {
    expect(await openIn({ command: '/nowhere/browser', args: [] }, 'http://127.0.0.1:3000/docs')).toBe(false);
  });
});
