import { describe, expect, it } from '@jest/globals';
import { nextPage } from './output.js';

describe('the next page', () => {
  it.each([
    [null, ['orders'], ''],
    ['c2', ['orders', '--status', 'PENDING'], 'orders --status PENDING --cursor c2'],
    ['c3', ['orders', '--cursor', 'c2', '--limit', '5'], 'orders --limit 5 --cursor c3'],
    ['c3', ['orders', '--cursor=c2'], 'orders --cursor c3'],
  ])('the command of the next page after %s of %j is printed', (cursor, given, command) => {
    expect(nextPage(cursor, given)).toBe(command === '' ? '' : `\n\nMore: npx backstep ${command}`);
  });
});
