import { expect, it } from "vitest";
import { device } from "./device";

it("names the device of a session as people do", () => {
  const chrome = "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0 Safari/537.36";
  expect(device(chrome)).toBe("Chrome, Linux");
  expect(device("Mozilla/5.0 (iPhone; CPU iPhone OS 19_0) AppleWebKit/605 Version/19.0 Mobile Safari/604.1")).toBe(
    "Safari, iOS",
  );
  expect(device("curl/8.5.0")).toBe("curl/8.5.0");
  expect(device(null)).toBeUndefined();
});
