import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { describe, expect, it } from '@jest/globals';
import { commandOf, identify, isRunning } from './process-identity.js';

/** Goal: a process is known for good, so that cleaning up never ends somebody else's that was given the same number. */
describe('the identity of a process', () => {
  it('the identity of a process is stable', () => {
    expect(identify(process.pid)).toEqual(identify(process.pid));
    expect(isRunning(identify(process.pid) ?? { pid: 0, began: '' })).toBe(true);
  });

  it('the identity of a process differs from an earlier process with the same pid', () => {
    expect(isRunning({ pid: process.pid, began: 'another day' })).toBe(false);
  });

  it('the identity of a process ends with the process', async () => {
    const child = spawn(process.execPath, ['-e', 'process.stdin.resume()']);
    const identity = identify(child.pid ?? 0);
    if (!identity) throw new Error('the child has no identity');
    expect(isRunning(identity)).toBe(true);
    child.kill('SIGKILL');
    await once(child, 'exit');
    expect(isRunning(identity)).toBe(false);
    expect(identify(identity.pid)).toBeUndefined();
  });

  it('the identity of a process has the name of its program', () => {
    expect(commandOf(process.pid)).toMatch(/node|jest/i);
  });
});
