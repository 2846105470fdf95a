import { describe, expect, it } from '@jest/globals';
import { Liveness } from './liveness.js';
import { HEARTBEAT_INTERVAL_MS, UNANSWERED_HEARTBEATS_MAX } from './settings.js';

/** Goal: a consumer is given up when Kafka, or its coordinator, was silent for too long, and not before. Method: heartbeats, one by one. */
const NOTHING_HEARD = 'nothing was heard from Kafka for 6000 ms';
const NO_HEARTBEAT = 'no heartbeat was answered for 6000 ms';
const HEARD = { quiet: true, member: true };
const WAITING = { quiet: false, member: false };

function beats(liveness: Liveness, count: number, state: typeof HEARD): (string | undefined)[] {
  return Array.from({ length: count }, () => liveness.beat(state));
}

describe('a consumer that hears nothing from Kafka', () => {
  const liveness = () => new Liveness(3 * HEARTBEAT_INTERVAL_MS);

  it('is given up after its timeout', () => {
    expect(beats(liveness(), 4, WAITING)).toEqual([undefined, undefined, undefined, NOTHING_HEARD]);
  });

  it('begins anew with each answer, and while it handles a batch', () => {
    const one = liveness();
    beats(one, 3, WAITING);
    one.requestAnswered();
    expect(beats(one, 4, WAITING)).toEqual([undefined, undefined, undefined, NOTHING_HEARD]);
    expect(beats(one, 2, { quiet: true, member: false })).toEqual([undefined, undefined]);
  });

  it('is given up while it joins again, whatever else is answered', () => {
    const one = liveness();
    one.rebalancing();
    beats(one, 3, WAITING);
    one.requestAnswered();
    expect(one.beat(WAITING)).toBe(NOTHING_HEARD);
    one.joined();
    one.requestAnswered();
    expect(one.beat(WAITING)).toBeUndefined();
  });
});

describe('a consumer that has lost its group', () => {
  const NO_GROUP = 'it was in no group for 6000 ms';
  const answered = (liveness: Liveness, count: number): (string | undefined)[] =>
    Array.from({ length: count }, () => {
      liveness.requestAnswered();
      return liveness.beat(WAITING);
    });

  it('is given up when it does not join again, though its fetches are answered', () => {
    const one = new Liveness(3 * HEARTBEAT_INTERVAL_MS);
    one.joined();
    expect(one.beat({ quiet: false, member: true })).toBeUndefined();
    expect(answered(one, 4)).toEqual([undefined, undefined, undefined, NO_GROUP]);
  });

  it('is not given up when it joins again in time, or has not joined yet', () => {
    const one = new Liveness(3 * HEARTBEAT_INTERVAL_MS);
    expect(answered(one, 10)).not.toContain(NO_GROUP);
    one.joined();
    answered(one, 3);
    expect(one.beat({ quiet: false, member: true })).toBeUndefined();
    expect(answered(one, 3)).not.toContain(NO_GROUP);
  });
});

describe('a member whose heartbeats are not answered', () => {
  it('is given up after more of them than make a session', () => {
    const answers = beats(new Liveness(600_000), UNANSWERED_HEARTBEATS_MAX + 1, HEARD);
    expect(answers.slice(0, -1).every((answer) => answer === undefined)).toBe(true);
    expect(answers.at(-1)).toBe(NO_HEARTBEAT);
  });

  it('begins anew with each that is answered, and while it joins again', () => {
    const one = new Liveness(600_000);
    beats(one, UNANSWERED_HEARTBEATS_MAX, HEARD);
    one.heartbeatAnswered();
    expect(beats(one, UNANSWERED_HEARTBEATS_MAX, HEARD)).not.toContain(NO_HEARTBEAT);
    one.rebalancing();
    expect(one.beat(HEARD)).toBeUndefined();
    one.joined();
    expect(beats(one, UNANSWERED_HEARTBEATS_MAX, HEARD)).not.toContain(NO_HEARTBEAT);
  });
});
