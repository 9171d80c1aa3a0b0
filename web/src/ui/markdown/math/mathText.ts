import type { Construct, State } from "micromark-util-types";
import { BACKSLASH, characterOf, isLineEnding, LONGEST, unclosedIn } from "./codes";
import { isEscapedBracket, isPrice, mayClose, mayOpen } from "./dollars";

interface Delimiters {
  open: string;
  close: string;
  mayOpen?: (before: string, after: string) => boolean;
  mayClose?: (formula: string, after: string) => boolean;
  isFormula?: (formula: string) => boolean;
}

const always = () => true;

/** A formula in running text. Like code it may go over the end of a line; unlike code its backslashes escape. */
function mathText(delimiters: Delimiters): Construct {
  const { open, close } = delimiters;
  const opens = delimiters.mayOpen ?? always;
  const closes = delimiters.mayClose ?? always;
  const isFormula = delimiters.isFormula ?? always;
  return {
    name: "mathText",
    tokenize(effects, ok, nok) {
      const before = characterOf(this.previous);
      const known = unclosedIn(this);
      let formula = "";
      let taken = 0;

      const opening: State = (code) => {
        if (code !== open.codePointAt(taken)) {
          return nok(code);
        }
        effects.consume(code);
        taken += 1;
        return taken < open.length ? opening : opened;
      };
      const opened: State = (code) => {
        effects.exit("mathFence");
        return opens(before, characterOf(code)) ? between(code) : nok(code);
      };
      const between: State = (code) => {
        if (code === null || formula.length > LONGEST) {
          known.add(close);
          return nok(code);
        }
        if (isLineEnding(code)) {
          effects.enter("lineEnding");
          effects.consume(code);
          effects.exit("lineEnding");
          formula += "\n";
          return between;
        }
        return code === close.codePointAt(0) ? effects.attempt(closing, closed, data)(code) : data(code);
      };
      const data: State = (code) => {
        effects.enter("mathData");
        return inside(code);
      };
      const inside: State = (code) => {
        effects.consume(code);
        formula += characterOf(code);
        return code === BACKSLASH ? escaped : next;
      };
      const escaped: State = (code) => (code === null || isLineEnding(code) ? next(code) : inside(code));
      const next: State = (code) => {
        if (code !== null && !isLineEnding(code) && code !== close.codePointAt(0)) {
          return inside(code);
        }
        effects.exit("mathData");
        return between(code);
      };
      const closed: State = (code) => {
        if (!isFormula(formula)) {
          return nok(code);
        }
        effects.exit("mathText");
        return ok(code);
      };
      const closing: Construct = {
        partial: true,
        tokenize(inner, yes, no) {
          let at = 0;
          const take: State = (code) => {
            if (at === close.length) {
              inner.exit("mathFence");
              return closes(formula, characterOf(code)) ? yes(code) : no(code);
            }
            if (code !== close.codePointAt(at)) {
              return no(code);
            }
            inner.consume(code);
            at += 1;
            return take;
          };
          return (code) => {
            inner.enter("mathFence");
            return take(code);
          };
        },
      };

      return (code) => {
        if (known.has(close)) {
          return nok(code);
        }
        effects.enter("mathText");
        effects.enter("mathFence");
        return opening(code);
      };
    },
  };
}

const isNotDollar = (before: string, after: string) => before !== "$" && after !== "$";

/** Those that begin with a dollar, and those that begin with a backslash. */
export const dollarText: Construct[] = [
  mathText({ open: "$$", close: "$$", mayOpen: isNotDollar }),
  mathText({ open: "$", close: "$", mayOpen, mayClose, isFormula: (text) => !isPrice(text) }),
];
export const backslashText: Construct[] = [
  mathText({ open: "\\(", close: "\\)" }),
  mathText({ open: "\\[", close: "\\]", isFormula: (text) => !isEscapedBracket(text) }),
];
