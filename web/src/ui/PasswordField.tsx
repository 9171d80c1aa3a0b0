import { Eye, EyeOff } from "lucide-react";
import { useState } from "react";
import { Input } from "react-aria-components";
import { useTranslation } from "react-i18next";
import { FieldFrame, type FieldFrameProps } from "./FieldFrame";
import { IconButton } from "./IconButton";

/** A password, which may be looked at while it is typed. */
export function PasswordField(props: FieldFrameProps) {
  const { t } = useTranslation();
  const [isShown, setIsShown] = useState(false);
  return (
    <FieldFrame {...props} type={isShown ? "text" : "password"}>
      <span className="relative flex flex-col">
        <Input className="control pe-11" />
        <IconButton
          label={t(isShown ? "app.hidePassword" : "app.showPassword")}
          icon={isShown ? EyeOff : Eye}
          className="absolute end-0.5 top-0.5"
          onPress={() => setIsShown(!isShown)}
        />
      </span>
    </FieldFrame>
  );
}
