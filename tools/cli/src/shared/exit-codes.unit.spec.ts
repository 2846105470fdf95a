import { describe, expect, it } from '@jest/globals';
import { SetupError } from '@backstep/infrastructure';
import { Command, CommanderError } from 'commander';
import { explain, ProblemAnswer } from './api.js';
import { EXIT, endingAsJson, endingOf, teach, UnreachableError, UsageError } from './exit-codes.js';

/** Goal: a script can tell by the exit code what happened, and a person by one sentence. */
describe('how a command ends', () => {
  it.each([
    [new CommanderError(0, 'commander.helpDisplayed', ''), EXIT.ok, false],
    [new CommanderError(1, 'commander.unknownOption', ''), EXIT.usage, false],
    [new UsageError('no'), EXIT.usage, true],
    [new UnreachableError('gone'), EXIT.unreachable, true],
    [new SetupError('mend it'), EXIT.failed, true],
    [new ProblemAnswer(404, 'x'), EXIT.notFound, true],
    [new ProblemAnswer(400, 'x'), EXIT.usage, true],
    [new ProblemAnswer(409, 'x'), EXIT.refused, true],
    [new ProblemAnswer(422, 'x'), EXIT.refused, true],
    [new ProblemAnswer(503, 'x'), EXIT.unreachable, true],
  ])('the exit code of %s is %i', (error, exitCode, told) => {
    const ending = endingOf(error);
    expect(ending.exitCode).toBe(exitCode);
    expect(ending.tell).toBe(told ? error.message : undefined);
  });

  it('an unexpected error keeps its stack', () => {
    const error = new TypeError('a bug');
    expect(endingOf(error)).toEqual({ exitCode: EXIT.failed, tell: error });
  });

  it('an error is JSON for programs, with the same exit code', () => {
    const problem = { title: 'No', status: 404 };
    const refused = new ProblemAnswer(404, 'There is none. (404)', problem);
    expect(endingAsJson(refused)).toEqual({
      exitCode: EXIT.notFound,
      tell: { error: { message: 'There is none. (404)', exitCode: EXIT.notFound, problem } },
    });
    const misunderstood = new CommanderError(1, 'commander.unknownOption', "error: unknown option '--x'");
    expect(endingAsJson(misunderstood)).toMatchObject({
      exitCode: EXIT.usage,
      tell: { error: { message: "unknown option '--x'", exitCode: EXIT.usage } },
    });
    expect(endingAsJson(new TypeError('a bug'))).toMatchObject({
      tell: { error: { message: 'a bug', exitCode: EXIT.failed, stack: expect.stringContaining('TypeError') } },
    });
    expect(endingAsJson(new CommanderError(0, 'commander.helpDisplayed', ''))).toEqual({ exitCode: EXIT.ok });
  });

  it('the exit codes are documented in the help', () => {
    let help = '';
    const command = new Command('x').configureOutput({ writeOut: (text) => (help += text) });
    teach(command, ['x --one', 'x --two'], [[EXIT.notFound, 'not there']]).outputHelp();
    expect(help).toContain('$ npx backstep x --one');
    expect(help).toMatch(/0 {2}ok[^]*2 {2}the command[^]*3 {2}Backstep is not[^]*4 {2}not there/);
  });
});

describe('a problem document', () => {
  it('a problem document is shown as one line without repetition', () => {
    const country = 'must be an ISO 3166-1 alpha-2 code such as DE';
    const problem = {
      ...{ title: 'The request is not valid', detail: `shippingAddress.country: ${country}` },
      errors: [{ field: 'shippingAddress.country', message: country }],
    };
    expect(explain(400, JSON.stringify(problem))).toBe(`shippingAddress.country ${country} (400)`);
    const missing = { title: 'There is nothing here', detail: 'There is no order 0197.' };
    expect(explain(404, JSON.stringify(missing))).toBe('There is no order 0197. (404)');
    expect(explain(503, JSON.stringify({ title: 'Too much to do' }))).toBe('Too much to do (503)');
    const errors = Array.from({ length: 9 }, (_, at) => ({ field: `f${at}`, message: 'is missing' }));
    expect(explain(400, JSON.stringify({ ...problem, errors }))).toMatch(
      /^f0 is missing; .*; f4 is missing; and 4 more \(400\)$/,
    );
    const clashing = ['shippingAddress/city', { op: 'removeLine', sku: 'mug' }];
    expect(explain(412, JSON.stringify({ title: 'It has changed', clashing }))).toBe(
      'shippingAddress/city clashes; removeLine mug clashes (412)',
    );
    expect(explain(502, '<html>')).toBe('the gateway answered 502');
    expect(explain(500, 'null')).toBe('the gateway answered 500');
    expect(explain(500, '{}')).toBe('the gateway answered 500');
  });
});
