import { Fault, FaultList, Healed } from '@backstep/contracts/http';
import { Controller, Inject, Req, Res } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { InputOf } from '../api/operation.js';
import { Input, Route } from '../api/route.js';
import { Console } from '../console/console.js';
import { labPage } from '../console/console.operations.js';
import { DoctorReport } from '../representations/doctor-report.js';
import { EXAMINED_WITHIN_MS, healFault, healFaults, listFaults, makeFault, readDoctor } from './lab.operations.js';
import { Starter } from './starter.js';

/** There is one only where the services were started by `npm start`: elsewhere these are unknown paths. */
@Controller()
export class LabController {
  constructor(
    @Inject(Starter) private readonly starter: Starter,
    @Inject(Console) private readonly console: Console,
  ) {}

  @Route(labPage)
  page(@Req() request: FastifyRequest, @Res() reply: FastifyReply): void {
    this.console.sendPage(request, reply);
  }

  @Route(listFaults)
  async list(@Input(listFaults) { context }: InputOf<typeof listFaults>): Promise<FaultList> {
    return this.starter.client.get(context, '/faults', FaultList);
  }

  @Route(makeFault)
  async make(@Input(makeFault) { body, context }: InputOf<typeof makeFault>): Promise<Fault> {
    const asked = { method: 'POST', path: '/faults', body, answer: Fault } as const;
    return (await this.starter.client.request(context, asked)).body;
  }

  @Route(healFaults)
  async healAll(@Input(healFaults) { context }: InputOf<typeof healFaults>): Promise<Healed> {
    const asked = { method: 'DELETE', path: '/faults', answer: Healed } as const;
    return (await this.starter.client.request(context, asked)).body;
  }

  @Route(healFault)
  async heal(@Input(healFault) { params: { faultId }, context }: InputOf<typeof healFault>): Promise<Fault> {
    const asked = { method: 'DELETE', path: `/faults/${faultId}`, answer: Fault } as const;
    return (await this.starter.client.request(context, asked)).body;
  }

  @Route(readDoctor)
  async examine(@Input(readDoctor) { context }: InputOf<typeof readDoctor>): Promise<DoctorReport> {
    const asked = { path: '/doctor', answer: DoctorReport, answerMs: EXAMINED_WITHIN_MS };
    return (await this.starter.client.request(context, asked)).body;
  }
}
