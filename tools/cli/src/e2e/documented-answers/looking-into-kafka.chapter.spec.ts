import { describe, expect, it } from '@jest/globals';
import { waitUntil } from '@backstep/testing';
// eslint-disable-next-line no-restricted-imports -- what retention does in a week
import { Kafka, logLevel } from 'kafkajs';
import { idOf, type Situation } from './situation.fixture.spec.js';

/** More than a gateway reads at once. */
const AT_ONCE = 40;
/** In the partition of the order of the situation, it holds what the shipment service has long handled. */
const HANDLED = 'shipment.commands';

/** Goal: what Kafka no longer has, and what is asked too often, is answered as documented. Method: Kafka's own way to delete the oldest records. */
export const lookingIntoKafka = (situation: () => Situation): void =>
  describe('looking into Kafka', () => {
    it('a message that retention has deleted, and a cursor of another log, are 410', async () => {
      const here = situation();
      const path = { topic: HANDLED };
      const { body } = await here.get<{ partition: number }>('readMessage 200 application/json', { path });
      const { brokers } = here.system.environment().kafka;
      const admin = new Kafka({ brokers: [...brokers], clientId: 'retention', logLevel: logLevel.NOTHING }).admin();
      await admin.connect();
      const partitions = [{ partition: body.partition, offset: '1' }];
      // The admin client deletes only in topics that it has asked about.
      await admin.fetchTopicOffsets(HANDLED);
      await admin.deleteTopicRecords({ topic: HANDLED, partitions }).finally(() => admin.disconnect());
      const page = await here.get<{ prevCursor: string }>('listMessages 200 application/json');
      const ofAnotherLog = page.body.prevCursor.replace(/[^.]+$/, '1y2p0ij32e8e7');
      await here.provoke([
        ['readMessage 410 gone', { path }],
        ['listMessages 410 gone', { query: `cursor=${ofAnotherLog}` }],
      ]);
    });

    it.each([
      ['listMessages', { query: 'text=no-such-text' }],
      ['readMessage', {}],
    ])('readings beyond the bound of a gateway are 429: %s', async (id, change) => {
      const here = situation();
      const refused = await waitUntil('one is refused', async () => {
        const answers = await Promise.all(Array.from({ length: AT_ONCE }, () => here.ask(id, change)));
        return answers.find(({ status }) => status === 429);
      });
      const answer = `${id} 429 too-many-requests`;
      expect(here.judge(idOf(answer), refused)).toBe(answer);
    });
  });
