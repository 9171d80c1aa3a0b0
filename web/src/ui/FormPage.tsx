import type { ReactNode } from "react";

/** A page that is one form. */
export function FormPage({ title, children }: { title: string; children: ReactNode }) {
  return (
    <main className="flex min-h-dvh items-center justify-center p-4">
      <div className="flex w-full max-w-sm flex-col gap-5">
        <title>{`${title} · ConvoSphere`}</title>
        <img src="/icon.svg" alt="" className="size-12" />
        <h1 className="text-2xl font-semibold">{title}</h1>
        {children}
      </div>
    </main>
  );
}
