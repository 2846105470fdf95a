import { describe, expect, it } from '@jest/globals';
import { QueryFailedError } from 'typeorm';
import {
  DatabaseUnavailableError,
  LockTimeoutError,
  NumberOutOfRangeError,
  TransactionRetryError,
  translate,
} from './index.js';

/**
 * Goal: the errors of a passing outage (PostgreSQL, its driver, the network) are told from permanent ones, wrapped or not.
 * Method: each code and text, as pg throws it and as TypeORM wraps it.
 */
const PASSES = [
  ...[
    '08000',
    '08001',
    '08003',
    '08004',
    '08006',
    '08007',
    '08P01',
    '25006',
    '25P03',
    '25P04',
    '28000',
    '28P01',
    '3D000',
  ],
  ...['53000', '53100', '53200', '53300', '53400', '57000', '57014', '57P01', '57P02', '57P03', '57P04', '57P05'],
  ...['58000', '58030', '58P01', '58P02', 'ECONNREFUSED', 'ECONNRESET', 'ECONNABORTED', 'EPIPE', 'ETIMEDOUT', 'ENOENT'],
  ...[
    'EHOSTUNREACH',
    'EHOSTDOWN',
    'ENETUNREACH',
    'ENETDOWN',
    'EADDRNOTAVAIL',
    'ENOTFOUND',
    'EAI_AGAIN',
    'EMFILE',
    'ENFILE',
  ],
];
const SILENT_DRIVER = [
  'Connection terminated',
  'Connection terminated unexpectedly',
  'Connection terminated due to connection timeout',
  'timeout exceeded when trying to connect',
  'timeout expired',
  'Client has encountered a connection error and is not queryable',
  'Client was closed and is not queryable',
  'Query read timeout',
];
const NEVER_WORKS = ['22P02', '23502', '23503', '23514', '42601', '42P01', '42703', '54000', 'XX000', 'XX001'];

const ofPg = (code: string): Error => Object.assign(new Error(`error: ${code}`), { code });
const wraps: readonly (readonly [string, (error: Error) => Error])[] = [
  ['as pg throws it', (error) => error],
  ['wrapped by TypeORM', (error) => new QueryFailedError('SELECT 1', [], error)],
];

describe.each(wraps)('%s', (_, wrapped) => {
  it.each(PASSES)('%s is DatabaseUnavailableError', (code) => {
    expect(translate(wrapped(ofPg(code)))).toBeInstanceOf(DatabaseUnavailableError);
  });

  it.each(SILENT_DRIVER)('a driver error "%s" is DatabaseUnavailableError', (message) => {
    expect(translate(wrapped(new Error(message)))).toBeInstanceOf(DatabaseUnavailableError);
  });

  it.each(['40001', '40P01'])('%s is TransactionRetryError', (code) => {
    expect(translate(wrapped(ofPg(code)))).toBeInstanceOf(TransactionRetryError);
  });

  it.each([
    ['55P03', undefined],
    ['57014', 'while updating tuple (0,1) in relation "loaf"'],
    ['57014', 'while locking tuple (0,1) in relation "loaf"'],
    ['57014', 'while inserting index tuple (0,1) in relation "loaf_pkey"'],
    ['57014', 'while checking uniqueness of tuple (0,1) in relation "loaf"\nSQL statement "INSERT"'],
  ])('%s says that somebody holds a row (%s), and not that the database is unavailable', (code, where) => {
    expect(translate(wrapped(Object.assign(ofPg(code), { where })))).toBeInstanceOf(LockTimeoutError);
  });

  it('22003 says that a number is too large for its column', () => {
    expect(translate(wrapped(ofPg('22003')))).toBeInstanceOf(NumberOutOfRangeError);
  });

  it.each(NEVER_WORKS)('%s is returned unchanged, as a fault', (code) => {
    const error = wrapped(ofPg(code));
    expect(translate(error)).toBe(error);
  });
});

it('a host whose addresses all refuse is DatabaseUnavailableError', () => {
  const all = new AggregateError(['::1', '127.0.0.1'].map(() => ofPg('ECONNREFUSED')));
  expect(translate(all)).toBeInstanceOf(DatabaseUnavailableError);
});
