import { describe, expect, it } from '@jest/globals';
import { render, type LabReport } from './index.js';

/** Goal: what each party did stands in its own column, in the order of all, however narrow the screen is. Method: one small report, two widths. */
const REPORT: LabReport = {
  name: 'lost-update',
  about: '',
  scenes: [
    {
      title: 'two writers',
      withProtection: false,
      parties: ['Ana', 'Ben'],
      steps: [
        { by: 'Ana', what: 'reads 100' },
        { by: 'Ben', what: 'reads 100 as well' },
        { by: 'Ana', what: 'writes' },
      ],
      shown: ['One of two is lost.'],
    },
  ],
};

describe('a report', () => {
  it('a report has a column for each party, and a line for each step', () => {
    expect(render(REPORT).split('\n')).toEqual([
      'Without protection: two writers',
      '',
      '    Ana        Ben',
      ' 1  reads 100',
      ' 2             reads 100 as well',
      ' 3  writes',
      '',
      '=> One of two is lost.',
    ]);
  });

  it('a report breaks the cells of a narrow screen at their spaces', () => {
    expect(render(REPORT, 32).split('\n').slice(2, 7)).toEqual([
      '    Ana        Ben',
      ' 1  reads 100',
      ' 2             reads 100 as',
      '               well',
      ' 3  writes',
    ]);
  });
});
