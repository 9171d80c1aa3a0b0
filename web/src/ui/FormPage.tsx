import type { ReactNode } from "react";

interface Props {
  title: string;
  /** What comes of it, in a sentence. */
  description?: string;
  /** Where there is more than a few fields. */
  isWide?: boolean;
  children: ReactNode;
}

/** A page that is one form. */
export function FormPage({ title, description, isWide = false, children }: Props) {
  return (
    <main className="flex min-h-dvh items-center justify-center bg-side p-4">
      <div
        className={`flex w-full flex-col gap-6 rounded-composer border border-line bg-raised p-6 shadow-raised sm:p-9 ${isWide ? "max-w-xl" : "max-w-md"}`}
      >
        <title>{`${title} · ConvoSphere`}</title>
        <div className="flex flex-col gap-2">
          <img src="/icon.svg" alt="" className="mb-2 size-11" />
          <h1 className="text-title">{title}</h1>
          {description !== undefined && <p className="text-text-2">{description}</p>}
        </div>
        {children}
      </div>
    </main>
  );
}
