import type { ServerResponse } from 'node:http';
import { PROBLEM_CONTENT_TYPE, problemBody, type ProblemError } from '../problems.js';

/** As much of a request as Express and Fastify have in common. */
export interface HttpRequest {
  readonly method: string;
  readonly url: string;
  /** The URL as the client sent it: Express cuts the path of a router off `url`. */
  readonly originalUrl?: string;
}

/** As much of a reply as Express and Fastify have in common. */
export interface HttpReply {
  status(code: number): unknown;
  header(name: string, value: string): unknown;
  send(body: Buffer): unknown;
}

/** Answers with the problem: its status, its headers, and a body of `application/problem+json`. */
export function sendProblem(problem: ProblemError, request: HttpRequest, reply: HttpReply, requestId?: string): void {
  const occurrence = { instance: pathOf(request), ...(requestId !== undefined && { requestId }) };
  const body = JSON.stringify(problemBody(problem, occurrence));
  void reply.status(problem.status);
  for (const [name, value] of Object.entries(problem.headers)) void reply.header(name, value);
  void reply.header('content-type', PROBLEM_CONTENT_TYPE);
  // As bytes: a framework adds a charset to text, which this media type does not have.
  void reply.send(Buffer.from(body));
}

/** The path that was asked for, without its query. */
export const pathOf = ({ originalUrl, url }: HttpRequest): string => (originalUrl ?? url).split('?', 1)[0] ?? '';

/** Node's own reply, which Express extends and Fastify keeps. */
export const rawOf = (reply: HttpReply): ServerResponse =>
  (reply as { readonly raw?: ServerResponse }).raw ?? (reply as unknown as ServerResponse);
