import { Module } from '@nestjs/common';
import { expect, it } from '@jest/globals';
import { catalogue } from '@backstep/messages';
import { declarationOf, MessagingModule } from './index.js';

/** Goal: a tool learns what a service handles and which rows it has from its module, with nothing started. */
const declared = { service: 'oven', catalogue: catalogue([]), handlers: [], entities: [], migrations: [] };
const runtime = { database: { url: 'postgres://127.0.0.1/oven' }, kafka: { brokers: ['127.0.0.1:9092'] } };

@Module({ imports: [MessagingModule.forRoot({ ...declared, ...runtime })] })
class OvenModule {}

@Module({ imports: [MessagingModule.forRootAsync({ ...declared, useFactory: () => runtime })] })
class LaterModule {}

@Module({ imports: [OvenModule] })
class KitchenModule {}

class NoModule {}

it.each([OvenModule, LaterModule])('a module with messaging tells what its service is: %p', (module) => {
  expect(declarationOf(module)).toMatchObject(declared);
});

it.each([KitchenModule, NoModule])('a class that imports no messaging declares none: %p', (module) => {
  expect(declarationOf(module)).toBeUndefined();
});
