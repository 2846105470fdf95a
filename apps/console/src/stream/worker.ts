import { StreamHub } from './hub.js';

/** The worker that all tabs of a browser share. It ends with the last of them. */
const hub = new StreamHub();
const scope = self as unknown as { onconnect: ((event: MessageEvent) => void) | null };
scope.onconnect = ({ ports: [port] }) => {
  if (port) hub.attach(port);
};
