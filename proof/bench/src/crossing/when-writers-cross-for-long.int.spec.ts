import { expect, it } from '@jest/globals';
import { requireInfrastructure } from '@backstep/testing';
import { inOwnDatabase } from '../strategies/own-database.js';
import { crossing } from './crossing.js';

/**
 * Goal: four instances that write the same rows of three tables in crossing sequences make PostgreSQL end none of them for a deadlock.
 * Method: what `npm run bench -- crossing` runs for a minute, for a second; the same rows written by hand do deadlock.
 */
it('instances that write crossing rows see no deadlock and lose no update, where sessions by hand deadlock', async () => {
  const { databaseUrl } = requireInfrastructure();
  const options = { seconds: 1, byHandSeconds: 30, signal: new AbortController().signal };
  const report = await inOwnDatabase(databaseUrl, 'backstep_crossing', (url) => crossing({ ...options, url }));
  expect(report.faults).toEqual([]);
  expect(report.deadlocks).toBe(0);
  expect(report.deadlocksByHand).toBeGreaterThan(0);
  expect(report.perSecond).toBeGreaterThan(0);
  expect(report.lost + report.locked).toBeGreaterThan(0);
});
