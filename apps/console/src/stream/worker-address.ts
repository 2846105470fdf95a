import address from './worker.ts?sharedworker&url';

interface TrustedTypes {
  createPolicy(name: string, rules: { createScriptURL(url: string): string }): { createScriptURL(url: string): string };
}

/** What the page's policy makes of an address, where a browser asks for it: this one alone. */
export function workerAddress(): string {
  const { trustedTypes } = globalThis as { trustedTypes?: TrustedTypes };
  if (!trustedTypes) return address;
  const policy = trustedTypes.createPolicy('console', {
    createScriptURL: (url) => {
      if (url !== address) throw new TypeError(`no script of this page is at ${url}`);
      return url;
    },
  });
  return policy.createScriptURL(address);
}
