import 'reflect-metadata';
import { ProblemFilter } from '@backstep/problems/nest';
import { NestFactory } from '@nestjs/core';
import { moduleOf } from './module-of.js';

async function main(): Promise<void> {
  const app = await NestFactory.create(moduleOf(process.env['ROLE']));
  app.useGlobalFilters(new ProblemFilter());
  app.enableShutdownHooks();
  await app.listen(Number(process.env['PORT']), '127.0.0.1');
}
void main();
