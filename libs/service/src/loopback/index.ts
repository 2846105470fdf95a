/**
 * Whether a name or an address is a loopback one. A server there is reached from this machine alone, and what is sent there stays on this
 * machine. A loopback address in another spelling counts as none. IPv6 may be in brackets, as in a URL.
 */
export const isLoopback = (host: string): boolean =>
  host === 'localhost' ||
  host.endsWith('.localhost') ||
  host === '::1' ||
  host === '[::1]' ||
  /^127(\.\d{1,3}){3}$/.test(host);
