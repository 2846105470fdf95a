export { WITHOUT_ADDRESS } from './address.js';
export { type ExpressSockets, type ExpressSocketOptions } from './express-sockets.js';
export { socketsOf } from './sockets-of.js';
