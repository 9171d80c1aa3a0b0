import type { Construct, State } from "micromark-util-types";
import { BACKSLASH, characterOf, isLineEnding, LONGEST, unclosedIn } from "./codes";
import { closingMark, indentation, lineEnd, nextLine } from "./flowLines";

/** A formula on lines of its own. One that is not closed is text. */
export function mathFlow(open: string, close: string): Construct {
  const end = closingMark(close);
  return {
    name: "mathFlow",
    concrete: true,
    tokenize(effects, ok, nok) {
      const known = unclosedIn(this);
      let taken = 0;
      let length = 0;

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
        if (characterOf(code) === "$") {
          return nok(code);
        }
        // A paragraph ends here; what comes is looked at again.
        return this.interrupt === true ? ok(code) : between(code);
      };
      const between: State = (code) => {
        if (code === null || length > LONGEST) {
          known.add(close);
          return nok(code);
        }
        if (isLineEnding(code)) {
          return effects.attempt(nextLine, effects.attempt(indentation, between, nok), nok)(code);
        }
        return code === close.codePointAt(0)
          ? effects.attempt(end, effects.attempt(lineEnd, closed, nok), data)(code)
          : data(code);
      };
      const data: State = (code) => {
        effects.enter("mathData");
        return inside(code);
      };
      const inside: State = (code) => {
        effects.consume(code);
        length += 1;
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
        effects.exit("mathFlow");
        return ok(code);
      };

      return (code) => {
        if (known.has(close)) {
          return nok(code);
        }
        effects.enter("mathFlow");
        effects.enter("mathFence");
        return opening(code);
      };
    },
  };
}
