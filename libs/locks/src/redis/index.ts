export { RedisThrottle, type RedisScripts, type RedisThrottleOptions } from './redis-throttle.js';
