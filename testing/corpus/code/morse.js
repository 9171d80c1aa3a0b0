// Morse code of a message, as flashes in milliseconds.
const CODES = { a: ".-", b: "-...", c: "-.-.", e: ".", s: "...", o: "---", "ü": "..--" };

export function flashes(message, dot = 200) {
  const letters = [...message.toLowerCase()].map((letter) => CODES[letter] ?? "");
  return letters.flatMap((code) => [...code].map((mark) => (mark === "-" ? 3 * dot : dot)));
}
