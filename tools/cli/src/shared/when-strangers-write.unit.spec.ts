import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { outcomesText } from '../demo/render-outcomes.js';
import { reportText } from '../doctor/render-report.js';
import type { Report } from '../doctor/report.js';
import { Timeline } from '../events/timeline.js';
import { groupsText } from '../groups/render-groups.js';
import { logLineText } from '../logs/render-logs.js';
import { metricsText } from '../metrics/render-metrics.js';
import { orderText } from '../order/render-order.js';
import { ordersText } from '../orders/render-orders.js';
import { parkedText } from '../parked/render-parked.js';
import { productsText } from '../products/render-products.js';
import { evidenceText } from '../saga/render-evidence.js';
import { operationText } from '../saga/render-operation.js';
import { sagaText } from '../saga/render-saga.js';
import { SagaLog } from '../saga/saga-log.js';
import { sagasText } from '../sagas/render-sagas.js';
import { shipmentText } from '../shipment/render-shipment.js';
import { explain } from './api.js';
import { nextPage } from './output.js';
import { writable, writableJson } from './safe-text.js';
import {
  aGroup,
  aLogLine,
  anEvidence,
  anOperation,
  anOrder,
  anOutcome,
  aMessage,
  aParkedMessage,
  aProduct,
  aReading,
  aReport,
  aSaga,
  aShipment,
} from './representations.fixture.spec.js';
import { coloured } from './style.js';

/**
 * Goal: whatever a stranger wrote into a key, a header, a value, a name, an address or an error text, a terminal gets our lines and our
 * colours and nothing else that it obeys, and a program reads exactly what was written.
 * Method: each renderer is given a sample whose every text ends with what a terminal would obey. Its output must have as many lines and
 * the same styles as with an `x` in its place.
 */
const RENDERERS: Readonly<Record<string, (soiled: <T>(sample: T) => T) => string>> = {
  order: (soiled) => orderText(soiled(anOrder), coloured),
  orders: (soiled) => ordersText(soiled([anOrder]), coloured),
  products: (soiled) => productsText(soiled([aProduct]), coloured),
  shipment: (soiled) => shipmentText(soiled(aShipment), coloured),
  parked: (soiled) => parkedText(soiled([aParkedMessage]), coloured),
  sagas: (soiled) => sagasText(soiled([aSaga]), coloured),
  saga: (soiled) => sagaText(soiled(aSaga), coloured),
  'the evidence of a saga': (soiled) => evidenceText(soiled(anEvidence), coloured),
  'an operation': (soiled) => operationText(soiled(anOperation), coloured),
  'the messages of an order': (soiled) => new Timeline({ paint: coloured }).line(soiled(aMessage)),
  'the messages of all orders': (soiled) => new Timeline({ paint: coloured, several: true }).line(soiled(aMessage)),
  'a saga that is followed': (soiled) => new SagaLog(coloured).lines(soiled(aSaga)).join('\n'),
  'a line of a log': (soiled) => logLineText(soiled(aLogLine), coloured),
  'the consumer groups': (soiled) => groupsText(soiled([aGroup]), coloured),
  'the metrics': (soiled) => metricsText(soiled([aReading]), coloured),
  'the report of the doctor': (soiled) => reportText(soiled<Report>(aReport), coloured),
  'sample orders': (soiled) => outcomesText(soiled([anOutcome]), coloured),
  'a problem': (soiled) => explain(422, JSON.stringify(soiled(PROBLEM))),
  'the next page': (soiled) => nextPage(soiled('cursor'), ['orders']),
};
const PROBLEM = { title: 'No', detail: 'it is not', errors: [{ field: 'sku', message: 'is unknown' }] };

/** Times and currencies are ours to write: the services refuse all that is none. */
const WRITTEN_BY_US = /At$|^at$|^timestamp$|^currency$/;

const soil =
  (dirt: string) =>
  <T>(sample: T): T => {
    const soiled = (value: unknown, name = ''): unknown => {
      if (typeof value === 'string') return WRITTEN_BY_US.test(name) ? value : value + dirt;
      if (Array.isArray(value)) return value.map((one) => soiled(one));
      if (typeof value !== 'object' || value === null) return value;
      return Object.fromEntries(Object.entries(value).map(([key, one]) => [key, soiled(one, key)]));
    };
    return soiled(sample) as T;
  };

const OBEYED = [
  ...[
    '\u001b[8m',
    '\u001b[2J',
    '\u001b]0;title\u0007',
    '\u001b[31m',
    '\u009b8m',
    '\u0007',
    '\u0008',
    '\u007f',
    '\r',
    '\n',
    '\t',
  ],
  ...['\u202e', '\u2066', '\u200f', '\u061c', '\u200b', '\u200d', '\u2060', '\ufeff', '\u00ad', '\u2028', '\u2029'],
  ...['\u{e0041}', '\u3164', '\u034f', '\u0001', '\u00010123456789abcdef01234567:31;', '\u0000'],
];
const dirt = fc.array(fc.oneof(fc.constantFrom(...OBEYED), fc.string({ unit: 'binary', maxLength: 4 })), {
  maxLength: 4,
});

const STYLE = /\u001b\[(?:0|1|2|31|32|33|36)m/g;
const UNSEEN = /(?![\n\ufe0e\ufe0f])[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Default_Ignorable_Code_Point}]/u;

describe('when strangers write what a terminal obeys', () => {
  it.each(Object.entries(RENDERERS))('the output of %s shows control characters escaped', (_, render) => {
    const clean = writable(render(soil('x')));
    expect(clean).toMatch(/x/);
    fc.assert(
      fc.property(dirt, (parts) => {
        const text = writable(render(soil(`x${parts.join('')}`)));
        expect(text.replaceAll(STYLE, '')).not.toMatch(UNSEEN);
        expect(text.match(STYLE)).toEqual(clean.match(STYLE));
        expect(text.split('\n')).toHaveLength(clean.split('\n').length);
      }),
      { numRuns: 50, examples: OBEYED.map((one) => [[one]]) },
    );
  });

  it('JSON keeps every character and escapes control characters', () => {
    fc.assert(
      fc.property(dirt, (parts) => {
        const value = { [parts.join('')]: [parts.join('-')] };
        const json = writableJson(JSON.stringify(value, null, 2));
        expect(json).not.toMatch(UNSEEN);
        expect(JSON.parse(json)).toEqual(value);
      }),
      { examples: OBEYED.map((one) => [[one]]) },
    );
  });

  it('an escape is that of JSON', () => {
    expect(writable('a\u001b[8mb\u202ec\u{e0041}\r')).toBe('a\\u001b[8mb\\u202ec\\u{e0041}\\r');
  });

  it('unusual characters without an effect stay as they are', () => {
    const usual = 'Çelik Žižek 東京 नमस्ते ❤️ ↶ ×2 …';
    expect(writable(usual)).toBe(usual);
    expect(writableJson(JSON.stringify(usual))).toBe(JSON.stringify(usual));
  });
});
