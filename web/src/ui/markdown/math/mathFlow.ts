import type { Construct, State } from "micromark-util-types";
import { BACKSLASH, characterOf, isLineEnding, isSpace, LONGEST, unclosedIn } from "./codes";

/** Punctuation that models put behind a formula that is set off; it is shown in it. */
const PUNCTUATION = /[.,;:]/;

/** The next line, unless it only seems to belong to the container that the formula stands in. */
const nextLine: Construct = {
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

const indentation: Construct = {
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

function closingMark(close: string): Construct {
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
const lineEnd: Construct = {
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
