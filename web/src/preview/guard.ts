/** Closes the ways out of a page of HTML that no policy of the server covers. A policy allows no request to another host,
 * but browsers look up and connect to the host of a navigation before they refuse it, and peer connections ask nobody. It
 * runs before anything of the page. */

interface TrustedTypes {
  createPolicy: (name: string, rules: Record<string, (text: string) => string>) => unknown;
}

interface Guarded {
  trustedTypes?: TrustedTypes;
  navigation?: EventTarget;
}

/** Elements that are windows of their own, with everything that is taken from this one. */
const FRAMES = "iframe|frame|frameset|fencedframe|object|embed|portal";
const FRAME_NAME = new RegExp(`^(?:${FRAMES})$`, "i");
const FRAME_TAG = new RegExp(`<(/?)(?=(?:${FRAMES})(?:[\\s/>]|$))`, "gi");

/** Markup whose frames are elements without a meaning. */
function withoutFrames(markup: string): string {
  return markup.replace(FRAME_TAG, "<$1x-");
}

export function guard(target: Window & typeof globalThis): void {
  removePeerConnections(target);
  filterMarkup(target);
  refuseFrames(target);
  refuseNavigation(target);
}

function removePeerConnections(target: Window): void {
  for (const name of ["RTCPeerConnection", "webkitRTCPeerConnection", "mozRTCPeerConnection"]) {
    Reflect.deleteProperty(target, name);
  }
}

/** All markup passes this policy: the server's policy demands one, and allows no other. */
function filterMarkup(target: Window & Guarded): void {
  const asIs = (text: string) => text;
  target.trustedTypes?.createPolicy("default", {
    createHTML: withoutFrames,
    createScript: asIs,
    createScriptURL: asIs,
  });
}

function refuseFrames(target: Window & typeof globalThis): void {
  /* eslint-disable @typescript-eslint/unbound-method, @typescript-eslint/no-deprecated -- each is called with the object that it belongs to */
  const { prototype } = target.Document;
  const create = prototype.createElement;
  const createNamespaced = prototype.createElementNS;
  const plain = (name: unknown) => {
    const text = String(name);
    return FRAME_NAME.test(text.split(":").at(-1) ?? "") ? "x-frame" : text;
  };
  replace(prototype, "createElement", function (this: Document, name: unknown, options: ElementCreationOptions) {
    return create.call(this, plain(name), options);
  });
  replace(prototype, "createElementNS", function (this: Document, space: string, name: unknown, options: string) {
    return createNamespaced.call(this, space, plain(name), options);
  });
  const { define } = target.CustomElementRegistry.prototype;
  replace(
    target.CustomElementRegistry.prototype,
    "define",
    function (this: CustomElementRegistry, name: string, element: CustomElementConstructor) {
      // Elements of one's own that are frames as well would be made without either of the functions above.
      define.call(this, name, element);
    },
  );
}

/** Nothing of the page can put it back. */
export function replace(prototype: object, name: string, value: unknown): void {
  Object.defineProperty(prototype, name, { value, writable: false, configurable: false });
}

function refuseNavigation(target: Window & Guarded): void {
  target.navigation?.addEventListener("navigate", (event) => event.preventDefault());
}
