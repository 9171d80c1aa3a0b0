import { beforeAll, expect, it } from "vitest";
import { refuseStrayFiles } from "./strayFiles";

beforeAll(refuseStrayFiles);

/** A drag over an element beside every drop zone; whether the browser was kept from opening what is dragged. */
function isRefused(type: string, types: string[]): boolean {
  const event = Object.assign(new Event(type, { bubbles: true, cancelable: true }), { dataTransfer: { types } });
  document.body.dispatchEvent(event);
  return event.defaultPrevented;
}

it("keeps the browser from opening a file that is dropped beside every drop zone", () => {
  expect(isRefused("dragover", ["Files"])).toBe(true);
  expect(isRefused("drop", ["Files"])).toBe(true);
});

it("leaves dragged text to the browser", () => {
  expect(isRefused("dragover", ["text/plain"])).toBe(false);
  expect(isRefused("drop", ["text/plain"])).toBe(false);
});
