import { describe, expect, it, afterAll } from '@jest/globals';
import { waitUntil } from '@backstep/testing';
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { anOrderGoesWithoutKafka, areConfirmed, doctorFindsNothing, placed, places } from './hand-over.fixture.spec.js';
import { shareSystem, system } from './shared-system.fixture.spec.js';

/**
 * Goal: services that hand over their messages in one process end each order as it must, and lose nothing and do nothing twice when the process is
 * killed before or after a message is handed over, or when Kafka is.
 * Method: one process with all services, as `npm start -- --together` runs it, held at pause points and killed there.
 */
const pauseDir = mkdtempSync(join(tmpdir(), 'backstep-express-'));
shareSystem({ hosts: 1, environment: { host: { BACKSTEP_PAUSE_DIR: pauseDir } } });
afterAll(() => rmSync(pauseDir, { recursive: true, force: true }));

const HOST = 'host';
const ENDS_WITHIN_MS = 120_000;
/** Beside those of the samples. */
const CARDS = ['pm_card_flaky', 'pm_card_slow', 'pm_card_visa'];
const POINTS = ['express.before-handing-over', 'express.after-commit'];
/** Orders of one round: enough that some are under way wherever the process dies. */
const ORDERS = 6;

/** While Kafka is away for longer than a step's attempts take, its saga turns back. */
async function ended(id: string): Promise<void> {
  const orderOf = async () => (await system.api('GET', `/v1/orders/${id}`)).body;
  const order = await waitUntil(
    `the order ${id} ends`,
    async () => {
      const body = await orderOf();
      return body['status'] !== 'PENDING' && body;
    },
    ENDS_WITHIN_MS,
  );
  const { status, failure } = order as { status: string; failure?: { code: string } | null };
  if (status !== 'CONFIRMED')
    expect({ id, status, code: failure?.code }).toEqual({ id, status: 'REJECTED', code: 'timed_out' });
}

describe('services that hand over their messages', () => {
  it('services that hand over their messages end each sample order as it must, whatever its card does', async () => {
    const { code, stdout, stderr } = await system.backstep('demo');
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    expect(stdout).toMatch(/shipment_refused/);
    await areConfirmed(await Promise.all(CARDS.map((card) => placed(card))), ENDS_WITHIN_MS);
    await anOrderGoesWithoutKafka(ENDS_WITHIN_MS);
    await doctorFindsNothing();
  }, 400_000);

  it.each(POINTS)(
    'a process killed at the pause point %s comes back, and every order ends once',
    async (name) => {
      const file = join(pauseDir, name);
      writeFileSync(`${file}.armed`, '');
      const ids = await places(ORDERS);
      const reached = async (): Promise<boolean> => {
        if (existsSync(`${file}.reached`)) return true;
        // Of a shard that a process has just got, the first messages go by Kafka alone.
        ids.push(await placed());
        return false;
      };
      await waitUntil(`the process stands at ${name}`, reached, ENDS_WITHIN_MS);
      await system.kill(HOST, 'SIGKILL');
      rmSync(`${file}.reached`);
      await system.restart(HOST);
      await areConfirmed(ids, ENDS_WITHIN_MS);
      await doctorFindsNothing();
    },
    180_000,
  );

  it('orders that are placed while Kafka dies, and is away, end once', async () => {
    const ids = await places(ORDERS);
    await system.kill('kafka', 'SIGKILL');
    ids.push(...(await places(ORDERS)));
    // Longer than the consumer groups' sessions: nothing is handed over any more.
    await waitUntil('the services know that Kafka is away', async () => {
      const answer = await fetch(`${system.environment().services['orchestrator']}/health/ready`);
      return answer.status === 503;
    });
    ids.push(...(await places(ORDERS)));
    await system.restart('kafka');
    await Promise.all(ids.map(ended));
    await doctorFindsNothing();
  }, 400_000);
});
