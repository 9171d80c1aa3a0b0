/** What the lines of a formula that is set off are made of. */
import type { Construct, State } from "micromark-util-types";
import { characterOf, isLineEnding, isSpace } from "./codes";

/** Punctuation that models put behind a formula that is set off; it is shown in it. */
const PUNCTUATION = /[.,;:]/;

/** The next line, unless it only seems to belong to the container that the formula stands in. */
export const nextLine: Construct = {
  partial: true,
  tokenize(effects, ok, nok) {
    return (code) => {
      effects.enter("lineEnding");
      effects.consume(code);
      effects.exit("lineEnding");
      return (after) => (this.parser.lazy[this.now().line] === true ? nok(after) : ok(after));
    };
  },
};

export const indentation: Construct = {
  partial: true,
  tokenize(effects, ok) {
    const space: State = (code) => {
      if (isSpace(code)) {
        effects.consume(code);
        return space;
      }
      effects.exit("linePrefix");
      return ok(code);
    };
    return (code) => {
      if (!isSpace(code)) {
        return ok(code);
      }
      effects.enter("linePrefix");
      return space(code);
    };
  },
};

export function closingMark(close: string): Construct {
  return {
    partial: true,
    tokenize(effects, ok, nok) {
      let taken = 0;
      const mark: State = (code) => {
        if (code !== close.codePointAt(taken)) {
          return nok(code);
        }
        effects.consume(code);
        taken += 1;
        if (taken < close.length) {
          return mark;
        }
        effects.exit("mathFence");
        return ok;
      };
      return (code) => {
        effects.enter("mathFence");
        return mark(code);
      };
    },
  };
}

/** The rest of the last line: nothing but punctuation. */
export const lineEnd: Construct = {
  partial: true,
  tokenize(effects, ok, nok) {
    const punctuation: State = (code) => {
      if (!PUNCTUATION.test(characterOf(code))) {
        return rest(code);
      }
      effects.enter("mathData");
      effects.consume(code);
      effects.exit("mathData");
      return rest;
    };
    const rest: State = (code) =>
      code === null || isLineEnding(code)
        ? ok(code)
        : isSpace(code)
          ? effects.attempt(indentation, rest, nok)(code)
          : nok(code);
    return punctuation;
  },
};
