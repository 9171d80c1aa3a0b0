/** Takes from a page of HTML what the server's policies do not cover in every browser: peer connections, and frames, each of
 * which would have them again. It runs before anything of the page. */

interface TrustedTypes {
  createPolicy: (name: string, rules: Record<string, (text: string) => string>) => unknown;
}

type Target = Window & typeof globalThis & { trustedTypes?: TrustedTypes };

// The page cannot change what is held here.
const { apply } = Reflect;

const FRAMES = "iframe|frame|frameset|fencedframe|object|embed|portal";
const FRAME_NAME = new RegExp(`(?:^|:)(?:${FRAMES})$`, "i");
const FRAME_TAG = new RegExp(`<(/?)(?=(?:${FRAMES})(?:[\\s/>]|$))`, "gi");

export function guard(target: Target): void {
  for (const name of ["RTCPeerConnection", "webkitRTCPeerConnection", "mozRTCPeerConnection"]) {
    Reflect.deleteProperty(target, name);
  }
  const asIs = (text: string) => text;
  // The server's policy demands this one for all markup that scripts make, and allows no other.
  target.trustedTypes?.createPolicy("default", {
    createHTML: withoutFrames,
    createScript: asIs,
    createScriptURL: asIs,
  });
  refuseFrames(target);
}

/** Markup whose frames are elements without a meaning. */
export function withoutFrames(markup: string): string {
  return markup.replace(FRAME_TAG, "<$1x-");
}

function refuseFrames(target: Target): void {
  const plain = (name: unknown) => (FRAME_NAME.test(String(name)) ? "x-frame" : String(name));
  wrap(target.Document.prototype, "createElement", ([name, ...rest]) => [plain(name), ...rest]);
  wrap(target.Document.prototype, "createElementNS", ([space, name, ...rest]) => [space, plain(name), ...rest]);
  // An element that extends a frame would be made without either of them.
  wrap(target.CustomElementRegistry.prototype, "define", ([name, element]) => [name, element]);
}

/** Lets a function have other arguments, for good. */
function wrap(prototype: object, name: string, change: (given: unknown[]) => unknown[]): void {
  const original = Reflect.get(prototype, name) as (...given: unknown[]) => unknown;
  replace(prototype, name, function (this: unknown, ...given: unknown[]) {
    return apply(original, this, change(given));
  });
}

/** Sets a function for good. */
export function replace(prototype: object, name: string, value: unknown): void {
  Object.defineProperty(prototype, name, { value, writable: false, configurable: false });
}
