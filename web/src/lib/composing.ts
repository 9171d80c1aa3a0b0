/** Writing characters by several keys, as for Chinese, Japanese and Korean. */

/** The code that keys have which belong to a composition. */
const PROCESSED = 229;

/** Whether a key belongs to a composition. Safari tells of the Enter that ends one only by its code. */
export function isComposing({ isComposing: is, keyCode }: { isComposing: boolean; keyCode: number }): boolean {
  return is || keyCode === PROCESSED;
}
