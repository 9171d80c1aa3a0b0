import { ImageIcon } from "lucide-react";
import { useState } from "react";
import { Button as AriaButton } from "react-aria-components";
import { useTranslation } from "react-i18next";
import { Lightbox } from "../../Lightbox";
import { Link } from "../Link";

/** Pictures that a text may carry in itself; none of them can act or load anything. */
const EMBEDDED = /^data:image\/(?:png|jpeg|gif|webp|avif|svg\+xml)[;,]/i;

interface Props {
  src: string;
  alt: string;
}

/** A picture of this site, or one in the text itself. One of another site would be a request to it: it is a link. */
export function Picture({ src, alt }: Props) {
  const { t } = useTranslation();
  const [isOpen, setOpen] = useState(false);
  if (EMBEDDED.test(src) || isOwn(src)) {
    return (
      <>
        <AriaButton
          aria-label={t("markdown.enlarge", { name: alt })}
          className="thumbnail"
          onPress={() => setOpen(true)}
        >
          <img src={src} alt={alt} loading="lazy" />
        </AriaButton>
        <Lightbox src={src} name={alt} isOpen={isOpen} onClose={() => setOpen(false)} />
      </>
    );
  }
  if (!/^https?:/i.test(src) && !src.startsWith("//")) {
    return <span>{alt}</span>;
  }
  return (
    <span className="external-image">
      <ImageIcon aria-hidden="true" className="size-4 shrink-0 text-text-3" />
      <Link href={src}>{alt === "" ? t("markdown.externalImage") : t("markdown.externalImageOf", { name: alt })}</Link>
      <span className="text-small text-text-3">
        {URL.canParse(src, location.href) && new URL(src, location.href).host}
      </span>
    </span>
  );
}

/** A path of this site; browsers read a backslash as a slash. */
function isOwn(src: string): boolean {
  return /^\/(?![/\\])/.test(src);
}
