import { readFileSync } from 'node:fs';

/** Foreground on `page` and on `code` has a contrast of 4.5 and more (WCAG 2.2, 1.4.3), and edges of 3 (1.4.11): a spec computes it. */
export const COLOURS = {
  light: {
    page: '#ffffff',
    code: '#f5f6f8',
    line: '#d0d5db',
    edge: '#818a94',
    text: '#1b1f24',
    muted: '#57606a',
    link: '#0a53a8',
    get: '#0b6b4b',
    post: '#0a53a8',
    put: '#8a4600',
    bad: '#b3261e',
    key: '#6b3fa0',
    string: '#0b6b4b',
    number: '#8a4600',
  },
  dark: {
    page: '#14171a',
    code: '#1d2226',
    line: '#3a424a',
    edge: '#7b858f',
    text: '#e6e9ec',
    muted: '#a6b0ba',
    link: '#7db8ff',
    get: '#57d3a3',
    post: '#7db8ff',
    put: '#f2b267',
    bad: '#ff8f85',
    key: '#c7a6ff',
    string: '#57d3a3',
    number: '#f2b267',
  },
} as const;

const variables = (colours: Readonly<Record<string, string>>): string =>
  Object.entries(colours)
    .map(([name, value]) => `--${name}: ${value};`)
    .join(' ');

const asset = (name: string): string => readFileSync(new URL(`../../assets/${name}`, import.meta.url), 'utf8');

/** The style and the script of the page. Its policy allows these two by hash, and nothing else. */
export const style = (): string =>
  `:root { ${variables(COLOURS.light)} } @media (prefers-color-scheme: dark) { :root { ${variables(COLOURS.dark)} } }\n${asset('docs.css')}`;
export const script = (): string => asset('docs.js');
