import type { ReactNode } from "react";

/** Names and values, one below the other. */
export function Facts({ facts }: { facts: [name: string, value: ReactNode][] }) {
  return (
    <dl className="flex w-full max-w-form flex-col divide-y divide-line">
      {facts.map(([name, value]) => (
        <div key={name} className="flex flex-col gap-1 py-3 sm:flex-row sm:gap-6">
          <dt className="shrink-0 text-label text-text-2 sm:w-44">{name}</dt>
          <dd dir="auto" className="min-w-0 text-ui break-words whitespace-pre-wrap">
            {value}
          </dd>
        </div>
      ))}
    </dl>
  );
}
