import { freeText, IdempotencyKey } from '@backstep/messages';
import { check } from '@backstep/problems';
import { z } from 'zod';
import { OPERATOR_ACTIONS } from '../decide/instance.js';
import type { OperateAnswer, OperateRequest } from '../runtime/saga-operator.js';

export type Headers = Readonly<Record<string, string | undefined>>;

export const Action = z.enum(OPERATOR_ACTIONS);
export const Reason = freeText(500);
export const DryRun = z.strictObject({ dryRun: z.enum(['true', 'false']).default('false') });
export const Operator = freeText(100);
/** An application may give its requests ids of any length: what is kept of one is bounded. */
const REQUEST_ID_MAX = 128;

/** Who asks, by which key, in which request. @throws ProblemError `validation` */
export function askedBy(headers: Headers): Pick<OperateRequest, 'by' | 'key' | 'requestId'> {
  const by = check(Operator, headers['x-operator'], 'header', 'X-Operator');
  const key = check(IdempotencyKey.optional(), headers['idempotency-key'], 'header', 'Idempotency-Key');
  const requestId = headers['x-request-id']?.slice(0, REQUEST_ID_MAX);
  return { by, ...(key !== undefined && { key }), ...(requestId !== undefined && { requestId }) };
}

/** What the log says of an action that was carried out. @param subjectField the name of the saga's subject in logs */
export const loggedAs = (
  { sagaId, action, by, reason }: OperateRequest,
  { before, after }: OperateAnswer,
  headers: Headers,
  subjectField: string,
) => ({
  requestId: headers['x-request-id'],
  traceId: traceIdIn(headers['traceparent']),
  sagaId,
  [subjectField]: before.instance.subject,
  ...{ action, by, reason, from: before.instance.status, to: after.instance.status },
});

const TRACEPARENT = /^[0-9a-f]{2}-([0-9a-f]{32})-/;
const traceIdIn = (traceparent: string | undefined): string | undefined => TRACEPARENT.exec(traceparent ?? '')?.[1];
