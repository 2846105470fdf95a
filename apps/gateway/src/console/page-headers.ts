/**
 * What the page may do: its own files, this gateway, and nothing else. No inline script or style, no eval, no markup made of text
 * (Trusted Types; the one policy is for the address of a worker).
 */
const POLICY = [
  "default-src 'none'",
  "script-src 'self'",
  "worker-src 'self'",
  "style-src 'self'",
  "img-src 'self' data:",
  "connect-src 'self'",
  "font-src 'self'",
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
  "require-trusted-types-for 'script'",
  'trusted-types console',
].join('; ');

/**
 * What a worker may do is said by the answer that brings its script, and by no page: ask this gateway, and nothing else. For any other use of a
 * script the header means nothing.
 */
const WORKER_POLICY = [
  "default-src 'none'",
  "connect-src 'self'",
  "require-trusted-types-for 'script'",
  'trusted-types',
].join('; ');

/** Headers of each script of the console, beside those of every answer. */
export const SCRIPT_HEADERS: Readonly<Record<string, string>> = { 'content-security-policy': WORKER_POLICY };

/** No feature of a device is needed. What is left out here keeps the browser's default: the clipboard, for `copy link`. */
const DENIED = ['camera', 'display-capture', 'geolocation', 'microphone', 'payment', 'serial', 'usb'];

/** Headers of every page of the console, beside those of every answer. */
export const PAGE_HEADERS: Readonly<Record<string, string>> = {
  'content-security-policy': POLICY,
  'cross-origin-opener-policy': 'same-origin',
  'permissions-policy': DENIED.map((feature) => `${feature}=()`).join(', '),
};
