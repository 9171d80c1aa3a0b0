import { type ReactNode, useLayoutEffect, useRef, useState } from "react";
import { useTranslation } from "react-i18next";
import { LinkButton } from "./LinkButton";

/** Shows the first twelve lines of what is long, and all of it when that is wanted. */
export function Fold({ children }: { children: ReactNode }) {
  const { t } = useTranslation();
  const box = useRef<HTMLDivElement>(null);
  const content = useRef<HTMLDivElement>(null);
  const [isLong, setIsLong] = useState(false);
  const [isOpen, setIsOpen] = useState(false);

  useLayoutEffect(() => {
    const measure = () => {
      const { current: frame } = box;
      // Open, the box is as high as its content, which says nothing.
      if (frame !== null && !isOpen) {
        setIsLong(frame.scrollHeight > frame.clientHeight + 1);
      }
    };
    measure();
    const observer = new ResizeObserver(measure);
    if (content.current !== null) {
      observer.observe(content.current);
    }
    return () => observer.disconnect();
  }, [isOpen]);

  return (
    <>
      <div ref={box} className={isOpen ? "" : `max-h-[20.25rem] overflow-hidden ${isLong ? "fade-bottom" : ""}`}>
        <div ref={content}>{children}</div>
      </div>
      {isLong && (
        <span className="block pt-1.5 text-ui">
          <LinkButton isPending={false} onPress={() => setIsOpen(!isOpen)}>
            {t(isOpen ? "thread.showLess" : "thread.showMore")}
          </LinkButton>
        </span>
      )}
    </>
  );
}
