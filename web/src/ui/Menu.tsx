import type { LucideIcon } from "lucide-react";
import type { ReactElement } from "react";
import { Menu as AriaMenu, MenuItem, MenuSection, MenuTrigger } from "react-aria-components";
import { Popover } from "./Popover";

export interface MenuAction {
  id: string;
  label: string;
  icon?: LucideIcon;
  /** Something that destroys. */
  isDanger?: boolean;
  isDisabled?: boolean;
  onAction: () => void;
}

interface Props {
  label: string;
  /** Groups of actions, with a line between them. */
  groups: MenuAction[][];
  placement?: "bottom end" | "bottom start" | "top start" | "top end";
  /** The button that opens it. */
  children: ReactElement;
}

/** A button that opens a list of actions. */
export function Menu({ label, groups, placement = "bottom end", children }: Props) {
  const shown = groups.filter((actions) => actions.length > 0);
  return (
    <MenuTrigger>
      {children}
      <Popover placement={placement} className="min-w-48">
        <AriaMenu aria-label={label} className="outline-none">
          {shown.map((actions, place) => (
            <MenuSection
              key={actions[0]?.id ?? place}
              aria-label={label}
              className={place > 0 ? "mt-1.5 border-t border-line pt-1.5" : ""}
            >
              {actions.map(({ id, label: name, icon: Icon, isDanger = false, isDisabled, onAction }) => (
                <MenuItem
                  key={id}
                  id={id}
                  textValue={name}
                  isDisabled={isDisabled}
                  onAction={onAction}
                  className={`flex min-h-9 cursor-pointer items-center gap-2.5 rounded-icon px-2.5 py-1.5 outline-none disabled:cursor-default disabled:opacity-40 focused:bg-hover pointer-coarse:min-h-11 ${isDanger ? "text-bad" : ""}`}
                >
                  {Icon !== undefined && <Icon aria-hidden="true" className="size-4 shrink-0" />}
                  {name}
                </MenuItem>
              ))}
            </MenuSection>
          ))}
        </AriaMenu>
      </Popover>
    </MenuTrigger>
  );
}
