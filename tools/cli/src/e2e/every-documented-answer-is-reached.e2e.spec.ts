import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { atTheEdge } from './documented-answers/at-the-edge.chapter.spec.js';
import { inTheLab } from './documented-answers/in-the-lab.chapter.spec.js';
import { lookingIntoKafka } from './documented-answers/looking-into-kafka.chapter.spec.js';
import { movingMoney } from './documented-answers/moving-money.chapter.spec.js';
import { operating } from './documented-answers/operating.chapter.spec.js';
import { paying } from './documented-answers/paying.chapter.spec.js';
import { readingAndOrdering } from './documented-answers/reading-and-ordering.chapter.spec.js';
import { revisingOrders } from './documented-answers/revising-orders.chapter.spec.js';
import { Situation } from './documented-answers/situation.fixture.spec.js';
import { whenServicesFail } from './documented-answers/when-services-fail.chapter.spec.js';

/**
 * Goal: the document promises nothing that is never answered, and nothing is answered that it does not promise.
 * Method: the whole system, and for every answer of every operation in the served document (status, problem type or media type, headers) a
 * request that gets it. Each answer is validated against the document, members and headers that it does not name included.
 */
let situation: Situation;
const here = (): Situation => situation;

beforeAll(async () => {
  situation = await Situation.begin();
}, 180_000);
afterAll(() => situation?.system.stop(), 30_000);

atTheEdge(here);
readingAndOrdering(here);
movingMoney(here);
paying(here);
revisingOrders(here);
operating(here);
lookingIntoKafka(here);
inTheLab(here);
// Last, as the gateway does not come back.
whenServicesFail(here);

it('every documented answer and header was reached', () => {
  expect(situation.api.answers.length).toBeGreaterThan(200);
  expect(situation.api.unseen()).toEqual([]);
});
