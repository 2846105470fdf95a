export * from './messaging-config.js';
export { serviceMessaging } from './service-messaging.js';
