export { RedisThrottle, type RedisThrottleOptions } from './redis-throttle.js';
