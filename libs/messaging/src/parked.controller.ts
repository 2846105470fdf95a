import { Body, Controller, Get, Headers, HttpCode, Inject, Param, Post, Query, Res } from '@nestjs/common';
import { storable } from '@backstep/concurrency';
import { PARKED_ACTIONS, type SeenMessage, type ParkedOperator } from '@backstep/inbox';
import { freeText, IdempotencyKey } from '@backstep/messages';
import { check, pageCursor, ProblemError, PROBLEMS, UUID_KEY, versionOf, zod } from '@backstep/problems';
import { NotParkedError, UnitOfWork, type ParkedTarget } from '@backstep/unit-of-work';
import { z } from 'zod';
import { MESSAGING_LOGGER, type MessagingLogger } from './host.js';
import { Messaging } from './messaging.js';
import { parkedProblem } from './parked-problems.js';
import { operationView, settledView, type SettledView } from './parked-view.js';

const PAGE_MAX = 100;
const OPERATOR_MAX_CHARACTERS = 100;
const REASON_MAX_CHARACTERS = 500;
const KEY_MAX_CHARACTERS = 1_024;

/** A page ends at a `seq`, the order of parking, so a cursor stays valid when its message is handled meanwhile. */
const CURSOR = pageCursor('parked', '[1-9][0-9]{0,17}');
/** A page of operations ends at a time in milliseconds since 1970 and an id, as that of sagas' does: one cursor is good for all such lists. */
const OPERATIONS_CURSOR = pageCursor('operations', `(?:0|[1-9][0-9]{0,14})[.]${UUID_KEY}`);
const limit = z.coerce.number().int().min(1).max(PAGE_MAX).default(20);
/** What PostgreSQL cannot store is of no row. */
const text = (maxCharacters: number) => z.string().max(maxCharacters).transform(storable);
/** As the list shows it. */
const Key = text(KEY_MAX_CHARACTERS).optional();

const ListParked = z.strictObject({
  state: z.enum(['poisoned', 'held', 'discarded']).optional(),
  key: Key,
  cursor: CURSOR.schema.optional(),
  limit,
});
const ListOperations = z.strictObject({
  by: text(OPERATOR_MAX_CHARACTERS).optional(),
  action: z.enum(PARKED_ACTIONS).optional(),
  key: Key,
  cursor: OPERATIONS_CURSOR.schema.optional(),
  limit,
});
const Action = z.enum(PARKED_ACTIONS);
const DryRun = z.strictObject({ dryRun: z.enum(['true', 'false']).default('false') });
const Why = z.strictObject({ reason: freeText(REASON_MAX_CHARACTERS) });
const Operator = freeText(OPERATOR_MAX_CHARACTERS);

/** What the replies of Express and Fastify have in common. */
interface Reply {
  header(name: string, value: string): unknown;
}

/**
 * Shows the messages that this service could not handle, and takes the actions of operators. Every action names its operator, a reason and the
 * version of the message that it is meant for.
 */
@Controller('parked')
export class ParkedController {
  constructor(
    @Inject(UnitOfWork) private readonly unitOfWork: UnitOfWork,
    @Inject(Messaging) private readonly messaging: Messaging,
    @Inject(MESSAGING_LOGGER) private readonly logger: MessagingLogger,
  ) {}

  /** Without what the messages say: a page of whole ones could have 32 MB. */
  @Get()
  async list(@Query(zod(ListParked)) { state, key, cursor, limit: most }: z.output<typeof ListParked>) {
    const query = { state, key, after: cursor, limit: most + 1 };
    const items = await this.unitOfWork.parkingLot.list(query);
    const page = items.slice(0, most);
    const last = page.at(-1);
    return { items: page, nextCursor: last && items.length > most ? CURSOR.after(last.seq) : null };
  }

  /** What operators did, the latest first. Before the messages' own route: Express asks in this order. */
  @Get('operations')
  async operations(@Query(zod(ListOperations)) asked: z.output<typeof ListOperations>) {
    const { by, action, key, cursor, limit: most } = asked;
    const [ms, id] = cursor?.split('.') ?? [];
    const after = ms === undefined || id === undefined ? undefined : { atMs: Number(ms), id };
    const items = await this.unitOfWork.parkedOperations.list({ by, action, key, after, limit: most + 1 });
    const page = items.slice(0, most);
    const last = page.at(-1);
    return {
      items: page.map(operationView),
      nextCursor: last && items.length > most ? OPERATIONS_CURSOR.after(`${Date.parse(last.at)}.${last.id}`) : null,
    };
  }

  @Get(':id')
  async read(@Param('id', zod(z.uuid())) id: string): Promise<SeenMessage> {
    const found = await this.unitOfWork.parkingLot.look(id);
    if (!found) throw parkedProblem(new NotParkedError(id));
    return found;
  }

  @Post(':id/:action')
  @HttpCode(200)
  async settle(
    @Param('id', zod(z.uuid())) id: string,
    @Param('action', zod(Action)) action: z.output<typeof Action>,
    @Query(zod(DryRun)) { dryRun }: z.output<typeof DryRun>,
    @Body(zod(Why)) { reason }: z.output<typeof Why>,
    @Headers() headers: Readonly<Record<string, string | undefined>>,
    @Res({ passthrough: true }) reply: Reply,
  ): Promise<SettledView> {
    const by = check(Operator, headers['x-operator'], 'header', 'X-Operator');
    const key = check(IdempotencyKey.optional(), headers['idempotency-key'], 'header', 'Idempotency-Key');
    const expectedVersion = versionOf(headers['if-match']);
    if (expectedVersion === undefined) throw new ProblemError(PROBLEMS.preconditionRequired);
    const target = { id, action, expectedVersion };
    const operator = { by, reason, key, requestId: headers['x-request-id'] };
    try {
      if (dryRun === 'true') return settledView(target, await this.messaging.consumer.parked.dryRun(target));
      return await this.settled(target, operator, reply);
    } catch (error) {
      throw parkedProblem(error);
    }
  }

  private async settled(target: ParkedTarget, operator: ParkedOperator, reply: Reply): Promise<SettledView> {
    const settled = await this.messaging.consumer.parked.settle({ ...target, operator });
    if (settled.replayed) {
      void reply.header('idempotency-replayed', 'true');
    } else {
      const { key, type } = settled.message;
      const { by, reason, requestId } = operator;
      this.logger.warn('an operator settled a parked message', {
        ...{ requestId, messageId: target.id, key, type, action: target.action, by, reason },
      });
    }
    return settledView(target, settled);
  }
}
