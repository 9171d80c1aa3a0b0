import { type ReactNode, useRef, useState } from "react";
import { useTranslation } from "react-i18next";
import { Button } from "./Button";

/** Code, and a copy of it. */
export function CodeBlock({ children }: { children: ReactNode }) {
  const { t } = useTranslation();
  const code = useRef<HTMLPreElement>(null);
  const [isCopied, setIsCopied] = useState(false);

  async function copy() {
    await navigator.clipboard.writeText(code.current?.textContent ?? "");
    setIsCopied(true);
  }

  return (
    <div className="group relative">
      {/* A long line is reached by keyboard as well. */}
      {/* eslint-disable-next-line jsx-a11y/no-noninteractive-tabindex */}
      <pre ref={code} tabIndex={0}>
        {children}
      </pre>
      <Button
        look="quiet"
        className="absolute top-1 right-1 bg-side text-xs opacity-60 group-hover:opacity-100 data-focus-visible:opacity-100"
        onPress={() => void copy()}
      >
        {t(isCopied ? "message.copied" : "message.copyCode")}
      </Button>
    </div>
  );
}
