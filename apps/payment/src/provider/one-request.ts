import type Stripe from 'stripe';

type HttpClient = ReturnType<typeof Stripe.createNodeHttpClient>;

/** The connection was closed before the answer. Has no `code`: see {@link oneRequest}. */
class ConnectionClosedError extends Error {
  override readonly name = 'ConnectionClosedError';
}

/**
 * Makes one call one request. The package repeats a request whose connection was closed (`ECONNRESET`, `EPIPE`) even with
 * `maxNetworkRetries: 0`, half a second later, unseen by whoever counts attempts. It knows those errors by their code.
 */
export const oneRequest = (client: HttpClient): HttpClient => ({
  getClientName: () => client.getClientName(),
  makeRequest: async (...request) => {
    try {
      return await client.makeRequest(...request);
    } catch (error) {
      if (!CLOSED.has((error as { code?: unknown }).code)) throw error;
      throw new ConnectionClosedError('the provider closed the connection', { cause: error });
    }
  },
});

const CLOSED: ReadonlySet<unknown> = new Set(['ECONNRESET', 'EPIPE']);
