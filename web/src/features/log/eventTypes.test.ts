import { readdirSync, readFileSync } from "node:fs";
import { expect, it } from "vitest";
import { EVENT_TYPES } from "./eventTypes";

const SCHEMAS = "../domain/schemas";

interface Schema {
  oneOf: { properties: { event_type: { const: string } } }[];
}

it("offers every type of event that the log can hold", () => {
  const stored = readdirSync(SCHEMAS).flatMap((file) => {
    const schema = JSON.parse(readFileSync(`${SCHEMAS}/${file}`, "utf8")) as Schema;
    return schema.oneOf.map(({ properties }) => properties.event_type.const);
  });
  expect(EVENT_TYPES.toSorted()).toEqual([...new Set(stored)].toSorted());
});
