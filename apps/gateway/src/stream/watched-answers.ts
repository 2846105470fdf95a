import { FaultList } from '@backstep/contracts/http';
import { Inject, Injectable, type OnApplicationShutdown, Optional } from '@nestjs/common';
import { newId } from '@backstep/messages';
import { Logger, newContext } from '@backstep/service';
import { EXAMINED_WITHIN_MS } from '../lab/lab.operations.js';
import { Starter } from '../lab/starter.js';
import { gatherContention } from '../read-contention/gather-contention.js';
import { DoctorReport } from '../representations/doctor-report.js';
import { Services } from '../services/services.js';
import { eventText } from './client-queue.js';
import { RepeatedAnswer } from './repeated-answer.js';
import { type AnswerName, ANSWERS, type Watched } from './streamed-message.js';

const FAULTS_EVERY_MS = 1_000;
const CONTENTION_EVERY_MS = 2_000;
/** The pause between two examinations: as long as so many of them take, so that looking takes at most a sixth of the time. */
const EXAMINATION_PAUSES = 5;
const EXAMINED_EVERY_MS = { min: 2_500, max: 30_000 };

/** What is asked for again and again while somebody watches it: once for all streams of a gateway. */
@Injectable()
export class WatchedAnswers implements OnApplicationShutdown {
  private readonly answers = new Map<AnswerName, RepeatedAnswer>();

  constructor(
    @Inject(Services) services: Services,
    @Inject(Logger) private readonly logger: Logger,
    @Optional() @Inject(Starter) starter?: Starter,
  ) {
    const context = () => newContext(newId(), undefined);
    this.add('contention', CONTENTION_EVERY_MS, () => gatherContention(services, context()));
    if (!starter) return;
    const { client } = starter;
    const doctor = { path: '/doctor', answer: DoctorReport, answerMs: EXAMINED_WITHIN_MS };
    this.add('faults', FAULTS_EVERY_MS, () => client.get(context(), '/faults', FaultList));
    this.add(
      'invariants',
      EXAMINED_EVERY_MS.min,
      async () => (await client.request(context(), doctor)).body,
      ({ tookMs }) => Math.min(EXAMINED_EVERY_MS.max, Math.max(EXAMINED_EVERY_MS.min, EXAMINATION_PAUSES * tookMs)),
    );
  }

  /** Those of what a client watches that nobody can tell here. */
  untold(watched: ReadonlySet<Watched>): readonly AnswerName[] {
    return ANSWERS.filter((name) => watched.has(name) && !this.answers.has(name));
  }

  /** @param tell gets each answer as an event @returns what ends it */
  watch(watched: ReadonlySet<Watched>, tell: (name: AnswerName, text: string) => void): () => void {
    const leaves = [...this.answers]
      .filter(([name]) => watched.has(name))
      .map(([name, answer]) => answer.watch((text) => tell(name, text)));
    return () => leaves.forEach((leave) => leave());
  }

  onApplicationShutdown(): void {
    for (const answer of this.answers.values()) answer.end();
  }

  private add<Answer>(
    name: AnswerName,
    everyMs: number,
    read: () => Promise<Answer>,
    pauseMs: (answer: Answer) => number = () => everyMs,
  ): void {
    const reading = async () => {
      const answer = await read();
      return { text: eventText(name, answer), pauseMs: pauseMs(answer) };
    };
    const failed = (error: unknown): void => this.logger.debug('what streams watch could not be read', { name, error });
    this.answers.set(name, new RepeatedAnswer({ read: reading, againAfterMs: everyMs, failed }));
  }
}
