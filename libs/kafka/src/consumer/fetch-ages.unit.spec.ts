import { describe, expect, it } from '@jest/globals';
import { FetchAges } from './fetch-ages.js';
import { FETCH_STALLED_MS } from './settings.js';

/** Goal: nobody believes to know the end of a log that was not fetched a moment ago. Method: fetches at given times. */
describe('ages of fetches', () => {
  it('ages of fetches are not within any bound before a broker has answered', () => {
    const ages = new FetchAges();
    expect(ages.areWithin(1_500, 0)).toBe(false);
    ages.started(1, 0);
    expect(ages.areWithin(1_500, 10)).toBe(false);
    ages.answered(1, 20);
    expect(ages.areWithin(1_500, 30)).toBe(true);
  });

  it('ages of fetches are within the bound when each broker has answered within it', () => {
    const ages = new FetchAges();
    for (const broker of [1, 2]) ages.started(broker, 0);
    ages.answered(1, 100);
    ages.answered(2, 1_000);
    expect(ages.areWithin(1_500, 1_600)).toBe(true);
    expect(ages.areWithin(1_500, 1_601)).toBe(false);
  });

  it('ages of fetches leave out a broker that nothing is fetched from any more', () => {
    const ages = new FetchAges();
    for (const broker of [1, 2]) ages.started(broker, 0);
    ages.answered(1, 100);
    const later = FETCH_STALLED_MS + 1;
    ages.started(2, later);
    ages.answered(2, later);
    expect(ages.areWithin(1_500, later)).toBe(true);
  });

  it('ages of fetches begin anew with an assignment', () => {
    const ages = new FetchAges();
    ages.started(1, 0);
    ages.answered(1, 1);
    ages.clear();
    expect(ages.areWithin(1_500, 2)).toBe(false);
  });
});
