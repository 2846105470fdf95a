import { useSyncExternalStore } from 'react';
import type { Clock } from '../ui/time-text.js';

export type Theme = 'system' | 'light' | 'dark';
export type Density = 'compact' | 'comfortable';
/** `page`: as each page has it. */
export type Beside = 'page' | 'on' | 'off';

/** What a person chooses for this browser: no part of an address, as a link is for others too. */
export interface Settings {
  readonly theme: Theme;
  readonly density: Density;
  /** Whether what is selected is shown beside the list. */
  readonly inspector: Beside;
  readonly clock: Clock;
  /** Keys without Ctrl or Alt (WCAG 2.1.4). */
  readonly shortcuts: 'on' | 'off';
}

const DEFAULTS: Settings = {
  theme: 'system',
  density: 'compact',
  inspector: 'page',
  clock: 'utc',
  shortcuts: 'on',
};
const ALLOWED: { readonly [Name in keyof Settings]: readonly Settings[Name][] } = {
  theme: ['system', 'light', 'dark'],
  density: ['compact', 'comfortable'],
  inspector: ['page', 'on', 'off'],
  clock: ['utc', 'local'],
  shortcuts: ['on', 'off'],
};
const keyOf = (name: keyof Settings): string => `backstep.${name}`;

function stored<Name extends keyof Settings>(name: Name): Settings[Name] {
  try {
    const value = localStorage.getItem(keyOf(name));
    return ALLOWED[name].find((one) => one === value) ?? DEFAULTS[name];
  } catch {
    return DEFAULTS[name];
  }
}

let settings: Settings = {
  theme: stored('theme'),
  density: stored('density'),
  inspector: stored('inspector'),
  clock: stored('clock'),
  shortcuts: stored('shortcuts'),
};
const listeners = new Set<() => void>();

export function changeSettings(change: Partial<Settings>): void {
  settings = { ...settings, ...change };
  for (const [name, value] of Object.entries(change)) {
    try {
      localStorage.setItem(keyOf(name as keyof Settings), value);
    } catch {
      // It holds for this page then.
    }
  }
  const { dataset } = document.documentElement;
  // As `before-paint.js` has set them.
  for (const name of ['theme', 'density'] as const)
    if (settings[name] === DEFAULTS[name]) delete dataset[name];
    else dataset[name] = settings[name];
  for (const listener of listeners) listener();
}

export const currentSettings = (): Settings => settings;

export const useSettings = (): Settings =>
  useSyncExternalStore(
    (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    () => settings,
  );
