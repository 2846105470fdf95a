export { placeOrderSystem } from './system.js';
