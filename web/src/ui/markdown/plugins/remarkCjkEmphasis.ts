/** Emphasis next to Chinese, Japanese and Korean text. These scripts put no spaces between words, so that CommonMark's
 * rule about punctuation leaves the asterisks of `**注意：**请` as they are. */
import { attention } from "micromark-core-commonmark";
import { classifyCharacter } from "micromark-util-classify-character";
import type { Code, Construct, State } from "micromark-util-types";
import type { Processor } from "unified";

const ASTERISK = 42;
const CJK = /[\p{sc=Han}\p{sc=Hiragana}\p{sc=Katakana}\p{sc=Hangul}\u3001-\u303f\uff01-\uffef]/u;

function isCjk(code: Code): boolean {
  return code !== null && code > 0 && CJK.test(String.fromCodePoint(code));
}

/** What is next to the marks: space, punctuation, or anything else, among which the punctuation of these scripts is. */
function classify(code: Code): number | undefined {
  return isCjk(code) ? undefined : classifyCharacter(code);
}

const PUNCTUATION = 2;

const cjkAttention: Construct = {
  name: "cjkAttention",
  resolveAll: attention.resolveAll,
  tokenize(effects, ok) {
    const previous = this.previous;
    const before = classify(previous);
    const inside: State = (code) => {
      if (code === ASTERISK) {
        effects.consume(code);
        return inside;
      }
      const after = classify(code);
      const token = effects.exit("attentionSequence");
      token._open = after === undefined || (after === PUNCTUATION && (before !== undefined || isCjk(previous)));
      token._close = before === undefined || (before === PUNCTUATION && (after !== undefined || isCjk(code)));
      return ok(code);
    };
    return (code) => {
      effects.enter("attentionSequence");
      return inside(code);
    };
  },
};

export function remarkCjkEmphasis(this: Processor): void {
  (this.data().micromarkExtensions ??= []).push({ text: { [ASTERISK]: cjkAttention } });
}
