import { describe, expect, it } from '@jest/globals';
import { CATALOGUE, PARTICIPANTS, PARTITIONS, TOPICS } from './index.js';

/** Goal: whoever reads a topic finds the key of a message under the same partition number everywhere. */
describe('the topics', () => {
  it('all topics have the same number of partitions, so that a key has one partition number', () => {
    expect(TOPICS).toHaveLength(2 * PARTICIPANTS.length);
    expect(new Set(TOPICS.map((topic) => topic.partitions))).toEqual(new Set([PARTITIONS]));
  });

  it('the topics are those of the catalogue', () => {
    const declared = TOPICS.map(({ name }) => name);
    expect(CATALOGUE.topics.filter((topic) => !declared.includes(topic))).toEqual([]);
  });
});
