import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import type { Evidence, OrderWithSaga } from '../api/types.js';
import { lanesOf } from '../lanes/model.js';
import { BEGAN, recordOf, REFUSED, REFUSED_SAGA } from '../lanes/records.fixture.spec.js';
import { cell, type Incident, incidentOf } from './incident.js';
import { pictureOf } from './picture.js';

/** Goal: what is handed on says what the page says, and text of strangers in it is text. Method: an order that the carrier refuses. */
const order = {
  id: '01a21c15-0000-7000-8000-0000000036f2',
  status: 'REJECTED',
  version: 2,
  currency: 'EUR',
  total: 1_500,
  items: [{ sku: 'teapot', quantity: 1 }],
  createdAt: new Date(BEGAN).toISOString(),
  failure: { code: 'shipment_refused', message: 'nobody delivers there' },
  sagas: [
    {
      ...REFUSED_SAGA,
      operations: [
        {
          ...{
            action: 'retry',
            by: 'ada | *bob*',
            reason: 'the carrier\nis <b>back</b>',
            at: new Date(BEGAN).toISOString(),
          },
          ...{ step: 'create-shipment' },
        },
      ],
    },
  ],
} as unknown as OrderWithSaga;
const evidence = {
  takenAt: new Date(BEGAN + 5_000).toISOString(),
  missing: [{ source: 'shipment', what: 'what its database has' }],
  services: [
    {
      service: 'payment',
      parked: [],
      outbox: [],
      rows: [{ table: 'payment_intent', key: 'pi`1', version: 4, state: 'REFUNDED' }],
    },
  ],
} as unknown as Evidence;
const lanes = lanesOf(REFUSED, [REFUSED_SAGA], undefined, order.createdAt);
const incident = (change: Partial<Incident> = {}): Incident => ({
  ...{ order, evidence, lanes, at: undefined, address: 'http://127.0.0.1:3000/orders/one' },
  ...change,
});
const lines = (text: string, beginning: string): readonly string[] =>
  text.split('\n').filter((line) => line.startsWith(beginning));

describe('the report of an incident', () => {
  const text = incidentOf(incident());

  it('has the order, why it ended so, what is not known, and each message with its cause and its position', () => {
    expect(text).toContain('# Order `01a21c15-0000-7000-8000-0000000036f2`: REJECTED');
    expect(text).toContain('- Why: shipment\\_refused: nobody delivers there');
    expect(text).toContain('Not known, as it did not answer: shipment (what its database has).');
    expect(lines(text, '| ').length).toBeGreaterThan(13);
    expect(lines(text, '| 8 ')[0]).toBe(
      '| 8 | +250 ms | ↩ RefundPayment (takes a step back) | orchestrator → payment | ↩ charge-payment | #7 | `payment.commands/1@38` |  |',
    );
    expect(text).toContain("| payment | payment\\_intent | `pi'1` | v4 | REFUNDED |");
  });

  it('words of operators are text, in one line', () => {
    expect(text).toContain('| ada \\| \\*bob\\* | retry create-shipment | the carrier is \\<b\\>back\\</b\\> |');
  });

  it('whatever a stranger writes, it ends no cell and begins no mark-up', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (written) => {
        expect(cell(written)).not.toMatch(/\n|(?<!\\)(?:\\\\)*[`*_{}[\]<>|#!~&]/);
      }),
    );
  });

  it('as of an earlier moment it has what was said by then, and says so', () => {
    const then = incidentOf(incident({ at: BEGAN + 20, evidence: undefined }));
    expect(then).toContain('- As of: 2026-11-27 08:18:51.220 UTC: later messages are left out');
    expect(then).toContain('The first of 3 at');
    expect(then).not.toContain('ShipmentRefused');
    expect(then).toContain('that is for operators');
  });
});

describe('the picture', () => {
  it('has each message, each lane and the title, and needs no other file', () => {
    const svg = pictureOf(incident());
    for (const name of ['ShipmentRefused', 'gateway', 'orchestrator', 'REJECTED', '202']) expect(svg).toContain(name);
    expect(svg.match(/<title>\d+\. /g)).toHaveLength(13);
    expect(svg).not.toMatch(/class=|href|url\(|<style|<script/);
    expect(pictureOf(incident())).toBe(svg);
  });

  it('as of an earlier moment it has the same size and less in it', () => {
    const sizeOf = (svg: string) => /width="[^"]+" height="[^"]+"/.exec(svg)?.[0];
    const then = pictureOf(incident({ at: BEGAN + 20 }));
    expect(then).not.toContain('ShipmentRefused');
    expect(sizeOf(then)).toBe(sizeOf(pictureOf(incident())));
  });

  it('whatever a stranger writes, it is well-formed and the words are words', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (written) => {
        const type = `<script>${written}"&`;
        const record = recordOf(1);
        const strange = lanesOf([{ ...record, headers: { ...record.headers, ce_type: type } }], null);
        const svg = pictureOf(incident({ lanes: strange }));
        expect(svg).not.toContain('<script');
        expect(svg).not.toMatch(/[\u0000-\u0008\u000b-\u001f\ufffe\uffff]|&(?!(?:amp|lt|gt|quot|#39);)/);
        const opened = svg.match(/<[a-z]+[^>]*[^/>]>|<[a-z]+>/g) ?? [];
        expect(opened).toHaveLength((svg.match(/<\/[a-z]+>/g) ?? []).length);
      }),
    );
  });
});
