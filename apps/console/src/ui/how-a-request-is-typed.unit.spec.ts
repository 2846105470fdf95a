import { execFileSync } from 'node:child_process';
import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { curlOf, shellText } from './curl.js';
import { amountText, minorOf } from './money-text.js';

/** Goal: what is copied for a terminal is what the page sends; what is typed as an amount is that amount. Method: a real shell reads it. */
const argumentsOf = (command: string): readonly string[] =>
  execFileSync('sh', ['-c', `curl() { for one; do printf '%s\\0' "$one"; done; }; ${command}`], { encoding: 'utf8' })
    .split('\0')
    .slice(0, -1);

describe('a request for a terminal', () => {
  it('a shell reads each text as it was, whatever is in it', () => {
    const text = fc.string({ unit: 'grapheme', maxLength: 20 }).filter((one) => !one.includes('\0'));
    const texts = fc.sample(fc.array(text, { minLength: 1, maxLength: 40 }), 5);
    for (const all of [...texts, ["it's", '$HOME', '`id`', 'a\nb', '', '-n', '"']])
      expect(argumentsOf(`curl ${all.map(shellText).join(' ')}`)).toEqual(all);
  });

  it('a request has its method, headers and body', () => {
    const body = { name: "Ada's", price: 5 };
    const request = {
      method: 'PATCH',
      url: 'http://127.0.0.1:3000/v1/products/tea',
      headers: { 'If-Match': '"v3"' },
      body,
    };
    expect(argumentsOf(curlOf(request))).toEqual([
      ...['-i', '-X', 'PATCH', request.url, '-H', 'If-Match: "v3"', '-H', 'Content-Type: application/json'],
      ...['-d', JSON.stringify(body)],
    ]);
    expect(argumentsOf(curlOf({ method: 'GET', url: request.url }))).toEqual(['-i', request.url]);
  });
});

describe('an amount', () => {
  it('an amount is read as it is shown, in every currency, and never rounded', () => {
    const currency = fc.constantFrom('EUR', 'JPY', 'KWD', 'nonsense');
    fc.assert(
      fc.property(fc.nat({ max: 100_000_000_000 }), currency, (minor, one) =>
        expect(minorOf(amountText(minor, one), one)).toBe(minor),
      ),
    );
  });

  it.each([
    ['12.9', 'EUR', 1_290],
    ['12,90', 'EUR', 1_290],
    [' 12 ', 'EUR', 1_200],
    ['12.', 'EUR', 1_200],
    ['12.905', 'EUR', undefined],
    ['0.5', 'JPY', undefined],
    ['-1', 'EUR', undefined],
    ['1e3', 'EUR', undefined],
    ['', 'EUR', undefined],
    ['9'.repeat(20), 'EUR', undefined],
  ])('what is typed as %j %s is %p minor units', (typed, currency, minor) =>
    expect(minorOf(typed, currency)).toBe(minor),
  );
});
