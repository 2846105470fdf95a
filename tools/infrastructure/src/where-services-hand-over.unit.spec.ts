import { describe, expect, it } from '@jest/globals';
import { handingOver } from './express-folder.js';

/**
 * Goal: services apart find a folder for their sockets wherever the clone is, or do without.
 * Method: the settings that they are started with, for paths of any length.
 */
const LONG = `/home/ann/${'deep/'.repeat(20)}backstep/.backstep`;
const options = { temporary: '/tmp', platform: 'linux' } as const;

describe('where services apart hand over', () => {
  it('the sockets lie in the folder of the system', () => {
    expect(handingOver('/home/ann/backstep/.backstep', options)).toEqual({
      EXPRESS: 'true',
      EXPRESS_FOLDER: '/home/ann/backstep/.backstep/express',
    });
  });

  it('a system whose path is too long for a socket has a folder of its own among the temporary ones', () => {
    const { EXPRESS, EXPRESS_FOLDER } = handingOver(LONG, options);
    expect(EXPRESS).toBe('true');
    expect(EXPRESS_FOLDER).toMatch(/^\/tmp\/backstep-[0-9a-f]{12}$/);
    expect(handingOver(`${LONG}-2`, options)['EXPRESS_FOLDER']).not.toBe(EXPRESS_FOLDER);
  });

  it('messages go by Kafka alone where no path is short enough, and where there are no such sockets', () => {
    expect(handingOver(LONG, { ...options, temporary: LONG })).toEqual({});
    expect(handingOver('/b', { ...options, platform: 'win32' })).toEqual({});
  });
});
