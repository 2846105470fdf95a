import { html } from './html.js';

/** Foreground on `page` and on `code` has a contrast of 4.5 and more (WCAG 2.2, 1.4.3): a spec computes it. */
export const COLOURS = {
  light: {
    page: '#ffffff',
    code: '#f3f4f6',
    line: '#d0d5db',
    text: '#1b1f24',
    muted: '#57606a',
    link: '#0a53a8',
    get: '#0b6b4b',
    post: '#0a53a8',
    put: '#8a4600',
  },
  dark: {
    page: '#14171a',
    code: '#20252a',
    line: '#3a424a',
    text: '#e6e9ec',
    muted: '#a6b0ba',
    link: '#7db8ff',
    get: '#57d3a3',
    post: '#7db8ff',
    put: '#f2b267',
  },
} as const;

const variables = (colours: Readonly<Record<string, string>>): string =>
  Object.entries(colours)
    .map(([name, value]) => `--${name}: ${value};`)
    .join(' ');

export const STYLE = html`
  :root { color-scheme: light dark; font: 16px/1.5 system-ui, sans-serif; ${variables(COLOURS.light)} } @media
  (prefers-color-scheme: dark) { :root { ${variables(COLOURS.dark)} } } body { margin: 0; background: var(--page);
  color: var(--text); } a { color: var(--link); } .page { display: grid; grid-template-columns: 17rem minmax(0, 1fr);
  gap: 2rem; max-width: 90rem; margin: 0 auto; padding: 1rem; } nav { position: sticky; top: 0; max-height: 100vh;
  overflow-y: auto; font-size: 0.85rem; } nav ul { list-style: none; margin: 0 0 1rem; padding: 0; } nav h2 { margin: 0;
  font-size: 0.85rem; } @media (max-width: 60rem) { .page { display: block; } nav { position: static; max-height: none;
  } } h1 small, .muted, td small { color: var(--muted); font-weight: normal; } article { border-top: 1px solid
  var(--line); padding: 0.5rem 0 1rem; } h3 { margin: 0.5rem 0; font-size: 1.05rem; } h4 { margin: 0.75rem 0 0.25rem; }
  details { margin: 0.5rem 0; } summary { cursor: pointer; } .GET { color: var(--get); } .POST { color: var(--post); }
  .PUT { color: var(--put); } pre { overflow-x: auto; padding: 0.75rem; border-radius: 6px; background: var(--code); }
  table { border-collapse: collapse; width: 100%; font-size: 0.9rem; } td, th { border-top: 1px solid var(--line);
  padding: 0.25rem 0.75rem 0.25rem 0; vertical-align: top; text-align: left; overflow-wrap: anywhere; } p { margin:
  0.25rem 0; } li { margin-left: 1rem; } nav li { margin: 0; } em { color: var(--muted); font-size: 0.85em; }
`;
