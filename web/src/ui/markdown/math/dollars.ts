/** When a dollar is one of a formula and when it is money: pandoc's rule, and two more for prices in running text. */

/** A dollar opens a formula only before something that is no space, and not as the end of `US$`. */
export function mayOpen(before: string, after: string): boolean {
  return !/[A-Za-z0-9$\\]/.test(before) && /[^\s$]/.test(after);
}

/** A dollar closes a formula only after something that is no space, and not before a digit or another dollar. */
export function mayClose(formula: string, after: string): boolean {
  return /\S$/.test(formula) && !/[0-9$]/.test(after);
}

/** An amount, and words after it: `$5 for one and 9$` is no formula. */
export function isPrice(text: string): boolean {
  return /^\d/.test(text) && /\s\p{L}{2}/u.test(text) && !/[\\^_={}]/.test(text);
}

/** Brackets that were only escaped, such as those of `\[1\]`. */
export function isEscapedBracket(text: string): boolean {
  return !/[\\^_=<>+*/{}|]/.test(text);
}
