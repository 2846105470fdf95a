import type { Socket } from 'node:net';
import { newId } from '@backstep/messages';
import { ANSWER_HEADERS } from './doors.js';
import { PROBLEM_CONTENT_TYPE, problemBody, ProblemError, PROBLEMS, type ProblemType } from '@backstep/problems';
import { REQUEST_ID_HEADER } from './send-problem.js';

const UNREADABLE: Readonly<Record<string, ProblemType>> = { HPE_HEADER_OVERFLOW: PROBLEMS.headersTooLarge };

/** Answers bytes that Node could not read as HTTP. */
export function answerUnreadable(error: Error & { readonly code?: string }, socket: Socket, lingerMs: number): void {
  if (error.code === 'ECONNRESET' || !socket.writable) socket.destroy();
  else refuse(socket, UNREADABLE[error.code ?? ''] ?? PROBLEMS.malformedRequest, lingerMs);
}

/** Writes an answer to a socket for which there is no request and no reply, and closes it. */
export function refuse(socket: Socket, type: ProblemType, lingerMs: number): void {
  const requestId = newId();
  const problem = new ProblemError(type);
  const body = JSON.stringify(problemBody(problem, { requestId }));
  const head = [
    `HTTP/1.1 ${problem.status} ${type.title}`,
    `content-type: ${PROBLEM_CONTENT_TYPE}`,
    ...Object.entries(ANSWER_HEADERS).map(([name, value]) => `${name}: ${value}`),
    `content-length: ${Buffer.byteLength(body)}`,
    `${REQUEST_ID_HEADER}: ${requestId}`,
    'connection: close',
  ];
  socket.end(`${head.join('\r\n')}\r\n\r\n${body}`);
  // A connection that is closed while the client still sends is reset, and the client may lose the answer.
  setTimeout(() => socket.destroy(), lingerMs).unref();
}
