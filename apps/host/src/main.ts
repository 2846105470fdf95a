import { hostname } from 'node:os';
import { LocalOrders } from '@backstep/contracts/http';
import { Neighbours } from '@backstep/messaging';
import { configOrExit, runServices } from '@backstep/service';
import { HOST_CONFIG } from './config.js';
import { SERVICES } from './services.js';

const { BACKSTEP_SERVICES: names, BACKSTEP_HOST: host } = configOrExit('host', HOST_CONFIG);
const services = await Promise.all(names.map((name) => SERVICES[name]()));
const neighbours = new Neighbours(host || `${hostname()}-${process.pid}`);
await runServices(services, {
  shared: [
    { provide: Neighbours, useValue: neighbours },
    { provide: LocalOrders, useValue: new LocalOrders() },
  ],
});
