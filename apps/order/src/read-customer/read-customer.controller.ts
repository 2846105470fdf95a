import { CustomerId } from '@backstep/contracts';
import type { CustomerView } from '@backstep/contracts/http';
import { Database } from '@backstep/messaging';
import { entityTag, zod } from '@backstep/problems';
import { Controller, Get, Inject, Param, Res } from '@nestjs/common';
import type { FastifyReply } from 'fastify';
import { unknownCustomer } from '../customer/customer.rules.js';

@Controller('customers')
export class ReadCustomerController {
  constructor(@Inject(Database) private readonly database: Database) {}

  @Get(':id')
  async read(
    @Param('id', zod(CustomerId)) id: string,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<CustomerView> {
    const { rows } = await this.database.pool.query<CustomerView>(
      'SELECT id, name, email, phone, address, version::float8 AS version FROM customer WHERE id = $1',
      [id],
    );
    const [customer] = rows;
    if (!customer) throw unknownCustomer(id);
    void reply.header('etag', entityTag(customer.version));
    return customer;
  }
}
