import 'reflect-metadata';
import { ProblemFilter } from '@backstep/problems/nest';
import { NestFactory } from '@nestjs/core';
import { FastifyAdapter, type NestFastifyApplication } from '@nestjs/platform-fastify';
import { moduleOf } from './module-of.js';

const app = await NestFactory.create<NestFastifyApplication>(moduleOf(process.env['ROLE']), new FastifyAdapter());
app.useGlobalFilters(new ProblemFilter());
app.enableShutdownHooks();
await app.listen(Number(process.env['PORT']), '127.0.0.1');
