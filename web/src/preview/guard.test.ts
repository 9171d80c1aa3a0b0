import { describe, expect, it } from "vitest";
import { guard, withoutFrames } from "./guard";

describe("withoutFrames", () => {
  it.each([
    ['<iframe src="x"></iframe>', '<x-iframe src="x"></x-iframe>'],
    ["<IFRAME/src=x>", "<x-IFRAME/src=x>"],
    ["<object><embed>", "<x-object><x-embed>"],
    ["<iframe", "<x-iframe"],
    ["<p>an iframe</p><frames>", "<p>an iframe</p><frames>"],
  ])("makes of %j %j", (markup, expected) => {
    expect(withoutFrames(markup)).toBe(expected);
  });
});

describe("guard", () => {
  it("lets a page make no frames and no peer connections, and nobody take that back", () => {
    // A window of its own, so that this one stays as it is.
    const frame = document.body.appendChild(document.createElement("iframe"));
    const page = frame.contentWindow as Window & typeof globalThis;
    Object.defineProperty(page, "RTCPeerConnection", { value: Event, configurable: true });
    guard(page);
    const made = page.document;
    expect("RTCPeerConnection" in page).toBe(false);
    expect(made.createElement("iframe").tagName).toBe("X-FRAME");
    expect(made.createElementNS("http://www.w3.org/1999/xhtml", "a:object").localName).toBe("x-frame");
    expect(made.createElement("canvas").tagName).toBe("CANVAS");
    expect(Reflect.set(page.Document.prototype, "createElement", () => undefined)).toBe(false);
    expect(Reflect.deleteProperty(page.Document.prototype, "createElementNS")).toBe(false);
    frame.remove();
  });
});
