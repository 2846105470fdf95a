import type { Catalogue } from '@backstep/messages';
import { ExpressToReaders, type ExpressLanes } from '@backstep/unit-of-work';
import type { Express, ExpressOptions } from '@backstep/outbox';
import type { Coverage } from '../world/coverage.js';
import type { SimulatedService } from './service.js';

/** As in the configuration's defaults, milliseconds. */
const LINGER_MS = 250;
/** As `FOREIGN_ROWS_KEPT_MS` of `libs/messaging`. */
export const FOREIGN_ROWS_KEPT_MS = 2_000;

/** A process in which all services run, and hand messages to each other by express. */
export class Host {
  /** By service. */
  readonly lanes = new Map<string, ExpressLanes>();
  readonly express: ExpressOptions;

  /** @param isBusy whether its event loop is busy all the time, so that messages by express wait for company */
  constructor(
    { readersOf }: Pick<Catalogue, 'readersOf'>,
    services: readonly SimulatedService[],
    coverage: Coverage,
    readonly isBusy: boolean,
  ) {
    const known = (topic: string): readonly string[] =>
      readersOf(topic) ?? services.filter(({ consumes }) => consumes.includes(topic)).map(({ name }) => name);
    const toReaders = new ExpressToReaders({ here: this.lanes, readersOf: known });
    const express: Express = {
      offer: (message) => {
        const taken = toReaders.offer(message);
        coverage.add(taken === 'handed-over' ? 'messages handed over' : 'messages that wait for Kafka');
        return taken;
      },
      skip: (message) => {
        coverage.add('messages by Kafka alone');
        toReaders.skip(message);
      },
    };
    this.express = { express, lingerMs: LINGER_MS };
  }
}
