import { expect, it } from "vitest";
import { generatePassword } from "./password";

it("generates passwords that differ and are easily read", () => {
  const passwords = Array.from({ length: 100 }, generatePassword);
  expect(new Set(passwords).size).toBe(100);
  passwords.forEach((password) => expect(password).toMatch(/^[a-km-zA-HJ-NP-Z2-9]{16}$/));
});
