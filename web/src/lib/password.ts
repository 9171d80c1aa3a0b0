/** Letters and digits that are not mistaken for one another when a password is read out or typed. */
const ALPHABET = "abcdefghijkmnpqrstuvwxyzABCDEFGHJKLMNPQRSTUVWXYZ23456789";
const LENGTH = 16;

/** A random password of more than 90 bits. */
export function generatePassword(): string {
  const largest = 256 - (256 % ALPHABET.length);
  let password = "";
  while (password.length < LENGTH) {
    for (const byte of crypto.getRandomValues(new Uint8Array(LENGTH))) {
      // Bytes beyond a multiple of the alphabet would make some letters more likely.
      if (byte < largest && password.length < LENGTH) {
        password += ALPHABET[byte % ALPHABET.length] ?? "";
      }
    }
  }
  return password;
}
