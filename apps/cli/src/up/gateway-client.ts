import { randomUUID } from 'node:crypto';

/** A request that takes longer is given up. */
const REQUEST_WITHIN_MS = 10_000;

export interface NewProduct {
  readonly sku: string;
  readonly name: string;
  readonly currency: string;
  /** Minor units. */
  readonly price: number;
  readonly onHand: number;
}

export interface NewOrder {
  readonly items: readonly { readonly sku: string; readonly quantity: number }[];
  readonly paymentMethod: string;
  readonly shippingAddress: {
    readonly name: string;
    readonly line1: string;
    readonly city: string;
    readonly postalCode: string;
    readonly country: string;
  };
}

/** What `up` reads of an order; the gateway tells more. */
export interface OrderView {
  readonly id: string;
  readonly status: string;
  readonly currency: string;
  readonly total: number;
  readonly failure?: { readonly code: string; readonly message: string } | null;
}

/** The gateway answered with another status than was asked for. Carries its problem document. */
export class GatewayError extends Error {
  override readonly name = 'GatewayError';
  constructor(
    readonly status: number,
    readonly problem: string,
  ) {
    super(`the gateway answered ${status}: ${problem}`);
  }
}

/** The few calls of the public API that seeding and sampling need, over HTTP like anybody else's. */
export class GatewayClient {
  constructor(private readonly url: string) {}

  async hasProduct(sku: string): Promise<boolean> {
    const { status } = await this.send('GET', `/v1/products/${encodeURIComponent(sku)}`, [200, 404]);
    return status === 200;
  }

  async putProduct({ sku, ...product }: NewProduct): Promise<void> {
    await this.send('PUT', `/v1/products/${encodeURIComponent(sku)}`, [200, 201, 204], product);
  }

  /** Places an order under an idempotency key of its own. @throws GatewayError */
  async placeOrder(order: NewOrder): Promise<OrderView> {
    const { body } = await this.send('POST', '/v1/orders', [202], order, { 'idempotency-key': randomUUID() });
    return body as OrderView;
  }

  async order(id: string): Promise<OrderView> {
    const { body } = await this.send('GET', `/v1/orders/${id}`, [200]);
    return body as OrderView;
  }

  private async send(
    method: string,
    path: string,
    expected: readonly number[],
    content?: unknown,
    headers: Readonly<Record<string, string>> = {},
  ): Promise<{ status: number; body: unknown }> {
    const response = await fetch(`${this.url}${path}`, {
      method,
      signal: AbortSignal.timeout(REQUEST_WITHIN_MS),
      headers: content === undefined ? headers : { ...headers, 'content-type': 'application/json' },
      ...(content === undefined ? {} : { body: JSON.stringify(content) }),
    });
    const text = await response.text();
    if (!expected.includes(response.status)) throw new GatewayError(response.status, text);
    return { status: response.status, body: text === '' ? undefined : (JSON.parse(text) as unknown) };
  }
}
