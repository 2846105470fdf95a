import { describe, expect, it } from '@jest/globals';
import { Registry } from 'prom-client';
import { gaugesOf } from './host.js';

/** Goal: gauges are set at each scrape in an application with `onScrape`, and periodically in others. */
const collect = (): Promise<void> => Promise.resolve();
const notes: string[] = [];
const jobs = { every: (_: number, what: string) => void notes.push(`every: ${what}`) };

describe('gauges', () => {
  it('gauges are set at each scrape of an application with `onScrape`, in its own registry', () => {
    notes.length = 0;
    const registry = new Registry();
    const host = { registry, onScrape: (name: string) => void notes.push(`at the scrape: ${name}`) };
    const gauges = gaugesOf(host, jobs);
    gauges.onScrape('outbox', collect);
    expect(gauges.registry).toBe(registry);
    expect(notes).toEqual(['at the scrape: outbox']);
  });

  it.each([
    ['that says nothing of metrics', undefined],
    ['with a registry alone', { registry: new Registry() }],
  ])('gauges are set periodically in an application %s', (_, host) => {
    notes.length = 0;
    gaugesOf(host, jobs).onScrape('outbox', collect);
    expect(notes).toEqual(['every: set the gauges of outbox']);
  });
});
