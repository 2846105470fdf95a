import { spawn } from 'node:child_process';
import { accessSync, constants } from 'node:fs';
import { delimiter, join } from 'node:path';

export interface Browser {
  readonly command: string;
  readonly args: readonly string[];
}

export interface Desk {
  readonly platform: NodeJS.Platform;
  readonly environment: Readonly<Record<string, string | undefined>>;
  /** Whether there is such a program. */
  has(command: string): boolean;
}

/** What opens an address here; undefined on a machine without a screen, such as a server that is logged in to. */
export function browserOf({ platform, environment, has }: Desk): Browser | undefined {
  const named = environment['BROWSER'];
  if (named) return { command: named, args: [] };
  if (platform === 'darwin') return { command: 'open', args: [] };
  // The empty title is for `start`: the first quoted word would be it.
  if (platform === 'win32') return { command: 'cmd', args: ['/c', 'start', ''] };
  if (environment['WSL_DISTRO_NAME'] && has('wslview')) return { command: 'wslview', args: [] };
  const screen = environment['DISPLAY'] || environment['WAYLAND_DISPLAY'];
  return screen && has('xdg-open') ? { command: 'xdg-open', args: [] } : undefined;
}

export const browserHere = (): Browser | undefined =>
  browserOf({ platform: process.platform, environment: process.env, has: isOnPath });

function isOnPath(command: string): boolean {
  return (process.env['PATH'] ?? '').split(delimiter).some((folder) => {
    try {
      accessSync(join(folder, command), constants.X_OK);
      return true;
    } catch {
      return false;
    }
  });
}

/** Hands the address over, and does not wait for the browser's end. False when it cannot be started. */
export function openIn({ command, args }: Browser, url: string): Promise<boolean> {
  return new Promise((resolve) => {
    const child = spawn(command, [...args, url], { stdio: 'ignore', detached: true });
    child.once('error', () => resolve(false));
    child.once('spawn', () => {
      child.unref();
      resolve(true);
    });
  });
}
