import { html } from './html.js';

export const STYLE = html`
  :root { color-scheme: light dark; font: 16px/1.5 system-ui, sans-serif; } body { max-width: 72rem; margin: 2rem auto;
  padding: 0 1rem; } h1 small, summary span, td small { color: GrayText; font-weight: normal; } h3 { margin: 1rem 0
  0.25rem; font-size: 1rem; } details { border: 1px solid color-mix(in srgb, GrayText 40%, transparent); border-radius:
  6px; margin: 0.5rem 0; padding: 0.5rem 1rem; } summary { cursor: pointer; } summary b { display: inline-block;
  min-width: 3.5rem; } .GET { color: #0a7; } .POST { color: #27c; } .PUT { color: #b60; } pre { overflow-x: auto;
  padding: 0.75rem; border-radius: 6px; background: color-mix(in srgb, GrayText 15%, transparent); } table {
  border-collapse: collapse; width: 100%; font-size: 0.9rem; } td { border-top: 1px solid color-mix(in srgb, GrayText
  25%, transparent); padding: 0.25rem 0.75rem 0.25rem 0; vertical-align: top; } p { margin: 0.25rem 0; } li {
  margin-left: 1rem; } em { color: GrayText; font-size: 0.85em; }
`;
