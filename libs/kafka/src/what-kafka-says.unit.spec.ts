import { describe, expect, it } from '@jest/globals';
import { KafkaJSAggregateError, KafkaJSProtocolError } from 'kafkajs';
import { accessProblem, isTransient } from './errors.js';

/** Goal: a refusal of Kafka is found by its name, however kafkajs wraps it. Method: kafkajs's own errors, as it makes them of Kafka's answers. */
const refused = { name: 'refused', type: 'TOPIC_AUTHORIZATION_FAILED', code: 29, retriable: false };
const protocolError = (error: object) => new KafkaJSProtocolError(Object.assign(new Error('refused'), error));

describe('accessProblem', () => {
  it('a refusal of one of several topics is found', () => {
    const error = new KafkaJSAggregateError('Topic creation errors', [new Error('another'), protocolError(refused)]);
    expect(accessProblem(error)).toContain('TOPIC_AUTHORIZATION_FAILED');
    expect(isTransient(error)).toBe(true);
  });

  it('a refusal that is the cause of a cause is found', () => {
    const error = new Error('gave up', { cause: new Error('tried', { cause: protocolError(refused) }) });
    expect(accessProblem(error)).toContain('TOPIC_AUTHORIZATION_FAILED');
  });

  it('the search for a refusal ends, also where errors name each other', () => {
    const error: Error & { errors?: unknown[] } = new Error('one');
    error.errors = [error, error];
    expect(accessProblem(error)).toBeUndefined();
  });
});
