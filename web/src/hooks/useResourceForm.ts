import { useState } from "react";
import { fieldErrors } from "../api/problem";
import { useSubmit } from "./useSubmit";
import { useUnsaved } from "./useUnsaved";

interface Options<Resource, Values> {
  /** What is edited, as the server has it now; undefined where it is created. */
  resource: Resource;
  valuesOf: (resource: Resource) => Values;
  /** Rejects with the error of a query; resolves with what was saved, where the form stays open. */
  save: (values: Values, resource: Resource) => Promise<Resource>;
}

function isSame(one: unknown, other: unknown): boolean {
  return JSON.stringify(one) === JSON.stringify(other);
}

/**
 * The values of a form that creates or edits something. Edits survive when somebody else saves meanwhile: the form is
 * outdated then, and `save` still gets the resource that the edits were made on, so that the server can refuse them.
 */
export function useResourceForm<Resource, Values extends object>({
  resource,
  valuesOf,
  save,
}: Options<Resource, Values>) {
  const [start, setStart] = useState({ resource, seen: resource });
  const [values, setValues] = useState(() => valuesOf(resource));
  const isDirty = !isSame(values, valuesOf(start.resource));
  const hasChanged = resource !== start.seen;
  const isOutdated = hasChanged && isDirty && !isSame(valuesOf(resource), valuesOf(start.resource));

  function load(from: Resource) {
    setStart({ resource: from, seen: from });
    setValues(valuesOf(from));
  }

  if (hasChanged && !isOutdated) {
    if (isDirty) {
      // Something else than these values has changed.
      setStart({ resource, seen: resource });
    } else {
      load(resource);
    }
  }

  const { submit, busy, problem } = useSubmit(async (sent: Values) => {
    const saved = await save(sent, start.resource);
    setStart(({ seen }) => ({ resource: saved, seen }));
    // What is typed while it is saved is kept.
    setValues((current) => (isSame(current, sent) ? valuesOf(saved) : current));
  });
  useUnsaved(isDirty && !busy);

  return {
    values,
    set:
      <Name extends keyof Values>(name: Name) =>
      (value: Values[Name]) =>
        setValues((before) => ({ ...before, [name]: value })),
    isDirty,
    isOutdated,
    /** Takes what the server has now, and drops the edits. */
    reload: () => load(resource),
    reset: () => setValues(valuesOf(start.resource)),
    submit: () => submit(values),
    busy,
    problem,
    errors: problem && fieldErrors(problem),
  };
}
