/** Takes from a page of HTML what the server's policies do not cover in every browser: peer connections, and frames, each of
 * which would have them again. It runs before anything of the page. */

interface TrustedTypes {
  createPolicy: (name: string, rules: Record<string, (text: string) => string>) => unknown;
}

type Target = Window & typeof globalThis & { trustedTypes?: TrustedTypes };

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
  const { createElement, createElementNS } = target.Document.prototype;
  const { define } = target.CustomElementRegistry.prototype;
  const plain = (name: unknown) => {
    const text = String(name);
    return FRAME_NAME.test(text) ? "x-frame" : text;
  };
  replace(target.Document.prototype, "createElement", function (this: Document, name: unknown, options?: string) {
    return createElement.call(this, plain(name), options as ElementCreationOptions | undefined);
  });
  replace(
    target.Document.prototype,
    "createElementNS",
    function (this: Document, space: string, name: unknown, options?: string) {
      return createElementNS.call(this, space, plain(name), options);
    },
  );
  // An element that extends a frame would be made without either of them.
  replace(
    target.CustomElementRegistry.prototype,
    "define",
    function (this: CustomElementRegistry, name: string, element: CustomElementConstructor) {
      define.call(this, name, element);
    },
  );
}

/** Sets a function for good. */
export function replace(prototype: object, name: string, value: unknown): void {
  Object.defineProperty(prototype, name, { value, writable: false, configurable: false });
}
