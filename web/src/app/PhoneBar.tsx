import { Menu, SquarePen } from "lucide-react";
import { createContext, type ReactNode, useContext } from "react";
import { createPortal } from "react-dom";
import { useTranslation } from "react-i18next";
import { useNavigate } from "react-router";
import { IconButton } from "../ui/IconButton";

/** The middle of the bar, where a page may show something; none on a wide screen. */
export const PhoneBarMiddle = createContext<HTMLElement | null>(null);

interface Props {
  onMenu: () => void;
  /** Called with the element of the middle. */
  middle: (element: HTMLElement | null) => void;
}

/** The bar of a phone: the way to the sidebar, what the page shows there, and a new chat. */
export function PhoneBar({ onMenu, middle }: Props) {
  const { t } = useTranslation();
  const navigate = useNavigate();
  return (
    <header className="flex h-13 shrink-0 items-center gap-1 px-1.5">
      <IconButton label={t("app.menu")} icon={Menu} size="medium" onPress={onMenu} />
      <div ref={middle} className="flex min-w-0 flex-1 items-center" />
      <IconButton label={t("conversation.new")} icon={SquarePen} size="medium" onPress={() => void navigate("/")} />
    </header>
  );
}

/** What a page shows in the middle of the bar. */
export function InPhoneBar({ children }: { children: ReactNode }) {
  const place = useContext(PhoneBarMiddle);
  return place === null ? null : createPortal(children, place);
}
