import { type ReactNode, useRef } from "react";
import { useTranslation } from "react-i18next";
import { CopyButton } from "./CopyButton";

/** Code, and a copy of it. */
export function CodeBlock({ children }: { children: ReactNode }) {
  const { t } = useTranslation();
  const code = useRef<HTMLPreElement>(null);
  return (
    <div className="group relative">
      {/* A long line is reached by keyboard as well. */}
      {/* eslint-disable-next-line jsx-a11y/no-noninteractive-tabindex */}
      <pre ref={code} tabIndex={0}>
        {children}
      </pre>
      <CopyButton
        label={t("message.copyCode")}
        className="absolute end-1 top-1 bg-side text-xs opacity-60 group-hover:opacity-100 data-focus-visible:opacity-100"
        text={() => code.current?.textContent ?? ""}
      />
    </div>
  );
}
