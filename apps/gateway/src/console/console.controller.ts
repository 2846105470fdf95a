import { Controller, Inject, Param, Req, Res } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { Route } from '../api/route.js';
import { Console } from './console.js';
import {
  comparePage,
  consoleFile,
  contentionPage,
  groupPage,
  messagePage,
  messagesPage,
  operationsPage,
  orderPage,
  ordersPage,
  sagaPage,
  sagasPage,
  playgroundPage,
  productPage,
  productsPage,
  topicsPage,
  parkedPage,
} from './console.operations.js';

/** The console's pages by an explicit list: any other path is 404, as a problem. */
@Controller()
export class ConsoleController {
  constructor(@Inject(Console) private readonly console: Console) {}

  @Route(ordersPage)
  orders(@Req() request: FastifyRequest, @Res() reply: FastifyReply): void {
    this.console.sendPage(request, reply);
  }

  @Route(comparePage)
  compare(@Req() request: FastifyRequest, @Res() reply: FastifyReply): void {
    this.console.sendPage(request, reply);
  }

  @Route(orderPage)
  order(@Req() request: FastifyRequest, @Res() reply: FastifyReply): void {
    this.console.sendPage(request, reply);
  }

  @Route(messagesPage)
  messages(@Req() request: FastifyRequest, @Res() reply: FastifyReply): void {
    this.console.sendPage(request, reply);
  }

  @Route(messagePage)
  message(@Req() request: FastifyRequest, @Res() reply: FastifyReply): void {
    this.console.sendPage(request, reply);
  }

  @Route(topicsPage)
  topics(@Req() request: FastifyRequest, @Res() reply: FastifyReply): void {
    this.console.sendPage(request, reply);
  }

  @Route(groupPage)
  group(@Req() request: FastifyRequest, @Res() reply: FastifyReply): void {
    this.console.sendPage(request, reply);
  }

  @Route(sagasPage)
  sagas(@Req() request: FastifyRequest, @Res() reply: FastifyReply): void {
    this.console.sendPage(request, reply);
  }

  @Route(sagaPage)
  saga(@Req() request: FastifyRequest, @Res() reply: FastifyReply): void {
    this.console.sendPage(request, reply);
  }

  @Route(operationsPage)
  operations(@Req() request: FastifyRequest, @Res() reply: FastifyReply): void {
    this.console.sendPage(request, reply);
  }

  @Route(playgroundPage)
  playground(@Req() request: FastifyRequest, @Res() reply: FastifyReply): void {
    this.console.sendPage(request, reply);
  }

  @Route(productsPage)
  products(@Req() request: FastifyRequest, @Res() reply: FastifyReply): void {
    this.console.sendPage(request, reply);
  }

  @Route(productPage)
  product(@Req() request: FastifyRequest, @Res() reply: FastifyReply): void {
    this.console.sendPage(request, reply);
  }

  @Route(parkedPage)
  parked(@Req() request: FastifyRequest, @Res() reply: FastifyReply): void {
    this.console.sendPage(request, reply);
  }

  @Route(contentionPage)
  contention(@Req() request: FastifyRequest, @Res() reply: FastifyReply): void {
    this.console.sendPage(request, reply);
  }

  @Route(consoleFile)
  file(@Param('file') file: string, @Req() request: FastifyRequest, @Res() reply: FastifyReply): void {
    this.console.sendFile(file, request, reply);
  }
}
