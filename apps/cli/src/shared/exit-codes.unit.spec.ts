import { describe, expect, it } from '@jest/globals';
import { SetupError } from '@backstep/infrastructure';
import { Command, CommanderError } from 'commander';
import { explain, ProblemAnswer } from './api.js';
import { EXIT, endingOf, teach, UnreachableError, UsageError } from './exit-codes.js';

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
  ])('%s: %i', (error, exitCode, told) => {
    const ending = endingOf(error);
    expect(ending.exitCode).toBe(exitCode);
    expect(ending.tell).toBe(told ? error.message : undefined);
  });

  it('keeps the stack of what nobody foresaw', () => {
    const error = new TypeError('a bug');
    expect(endingOf(error)).toEqual({ exitCode: EXIT.failed, tell: error });
  });

  it('is documented where a person looks', () => {
    let help = '';
    const command = new Command('x').configureOutput({ writeOut: (text) => (help += text) });
    teach(command, ['x --one', 'x --two'], [[EXIT.notFound, 'not there']]).outputHelp();
    expect(help).toContain('$ npx backstep x --one');
    expect(help).toMatch(/0 {2}ok[^]*2 {2}the command[^]*3 {2}Backstep is not[^]*4 {2}not there/);
  });
});

describe('a problem document', () => {
  it('is one line', () => {
    const problem = { title: 'No', detail: 'Not listed: x', errors: [{ field: 'sku', message: 'must be' }] };
    expect(explain(422, JSON.stringify(problem))).toBe('No: Not listed: x: sku must be (422)');
    expect(explain(502, '<html>')).toBe('the gateway answered 502');
    expect(explain(500, '{}')).toBe('the gateway answered 500');
  });
});
