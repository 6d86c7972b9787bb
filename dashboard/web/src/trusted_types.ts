// The page's policy forbids turning any string into markup, script or a script's address (Trusted Types), which is what
// keeps a node's name from becoming more than text. The only exception is the start of the map's worker from a file of
// this site. Import this module before anything that starts a worker.

interface TrustedTypePolicyFactory {
  createPolicy(name: string, rules: { createScriptURL(url: string): string }): unknown;
}

const factory = (globalThis as { trustedTypes?: TrustedTypePolicyFactory }).trustedTypes;

// Browsers without Trusted Types have the rest of the policy, and this code writes no markup from strings anyway.
factory?.createPolicy("default", {
  createScriptURL(url) {
    const { origin, pathname } = new URL(url, location.origin);
    if (origin !== location.origin || !pathname.startsWith("/assets/")) throw new TypeError(`not a script of ours: ${url}`);
    return url;
  },
});
