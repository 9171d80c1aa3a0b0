import type { ReactElement } from "react";
import { Menu } from "../../ui/Menu";
import { useListModelsQuery } from "./messageApi";

interface Props {
  label: string;
  onModel: (model: string) => void;
  /** The button that opens it. */
  children: ReactElement;
}

/** A menu of the models that can answer, a group for each provider. */
export function ModelMenu({ label, onModel, children }: Props) {
  const { data } = useListModelsQuery({});
  const models = (data?.items ?? []).filter(({ chat }) => chat);
  const providers = [...new Set(models.map(({ provider }) => provider))];
  const actions = providers.map((provider) =>
    models
      .filter((model) => model.provider === provider)
      .map(({ id, name }) => ({ id, label: name, onAction: () => onModel(id) })),
  );
  return (
    <Menu label={label} placement="top start" groups={actions}>
      {children}
    </Menu>
  );
}
