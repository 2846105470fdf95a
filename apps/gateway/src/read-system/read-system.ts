import { operation } from '../api/operation.js';
import { PATHS } from '../paths.js';
import { System } from '../representations/system.js';

export const readSystem = operation({
  id: 'readSystem',
  operator: true,
  method: 'GET',
  path: PATHS.system,
  tag: 'System',
  summary: 'Read what runs here, and what it can do',
  description:
    'The services and whether each is ready, the sagas as they are registered, and what the stand-ins of the payment provider and the carrier ' +
    'do on demand. It is answered whatever is away.',
  answers: { 200: { description: 'As it is now', content: { 'application/json': System } } },
});
