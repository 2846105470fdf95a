/**
 * Whether a name or an address is this machine's own, whatever it is asked from: what listens there is reached from here alone, and what is
 * sent there stays here. One that is written in another way counts as not ours. IPv6 may stand in brackets, as in a URL.
 */
export const isLoopback = (host: string): boolean =>
  host === 'localhost' ||
  host.endsWith('.localhost') ||
  host === '::1' ||
  host === '[::1]' ||
  /^127(\.\d{1,3}){3}$/.test(host);
