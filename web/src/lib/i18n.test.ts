import i18next from "i18next";
import { afterEach, expect, it, vi } from "vitest";
import { deviceLanguage, languages, speak } from "./i18n";

afterEach(() => void vi.restoreAllMocks());

it("speaks Arabic from right to left, with a form for each number", async () => {
  await speak("ar");
  const { lang, dir } = document.documentElement;
  expect([lang, dir]).toEqual(["ar", "rtl"]);
  const counted = [0, 1, 2, 3, 11, 100].map((count) => i18next.t("knowledge.documentCount", { count }));
  expect(counted).toEqual(["لا مستندات", "مستند واحد", "مستندان", "3 مستندات", "11 مستندًا", "100 مستند"]);
  await speak("en");
  expect(document.documentElement.dir).toBe("ltr");
});

it("speaks the language that was chosen last, however long another one takes to load", async () => {
  let arrive: (texts: Awaited<ReturnType<typeof languages.de.load>>) => void = () => undefined;
  const texts = await languages.de.load();
  vi.spyOn(i18next, "hasResourceBundle").mockReturnValueOnce(false);
  vi.spyOn(languages.de, "load").mockReturnValueOnce(new Promise((resolve) => (arrive = resolve)));
  const german = speak("de");
  await speak("en");
  arrive(texts);
  await german;
  expect(i18next.language).toBe("en");
});

it.each([
  [["fr-FR", "ar-EG", "en"], "ar"],
  [["de-AT"], "de"],
  [["fr"], "en"],
])("takes the first language of the browser that it has: %j", (given, expected) => {
  vi.spyOn(navigator, "languages", "get").mockReturnValue(given);
  expect(deviceLanguage()).toBe(expected);
});
