import { Search } from "lucide-react";
import {
  Autocomplete,
  Collection,
  Header,
  Input,
  ListBox,
  ListBoxSection,
  ListLayout,
  SearchField,
  useFilter,
  Virtualizer,
} from "react-aria-components";
import { useTranslation } from "react-i18next";
import { PickerOption } from "./PickerOption";
import { ASSISTANTS, type Choice, choiceOf, FAVORITES, providerOf, type Section } from "./sections";

/** More options are shown as far as they are in sight. */
const MANY = 200;
const ROW = 46;
const HEADING = 32;

interface Props {
  sections: Section[];
  /** The keys of who answers now: an assistant, a model. */
  current: string[];
  favorites: string[];
  onFavorite: (modelId: string) => void;
  onChoose: (choice: Choice) => void;
}

/** Everybody who can answer, narrowed by a few letters. */
export function PickerList({ sections, current, favorites, onFavorite, onChoose }: Props) {
  const { t } = useTranslation();
  const { contains } = useFilter({ sensitivity: "base" });
  const options = sections.flatMap((section) => section.options);
  const models = options.filter((option) => "model" in option).length;
  const label = t("model.search", { count: models });

  function titleOf(section: Section): string {
    if (section.id === ASSISTANTS || section.id === FAVORITES) {
      return t(`model.${section.id}`);
    }
    const isBuiltIn = section.options.some((option) => "model" in option && option.model.built_in);
    return isBuiltIn ? t("model.builtIn") : providerOf(section);
  }

  /** An assistant and a model are chosen at the same time; what is pressed is the difference. */
  function choose(keys: Iterable<unknown>) {
    const chosen = new Set(keys);
    const pressed = options.find(({ key }) => chosen.has(key) !== current.includes(key));
    if (pressed !== undefined) {
      onChoose(choiceOf(pressed));
    }
  }

  const list = (
    <ListBox
      aria-label={t("model.choose")}
      selectionMode="multiple"
      selectedKeys={current}
      onSelectionChange={(keys) => choose(keys === "all" ? [] : keys)}
      items={sections}
      // Options are rendered again when these change.
      dependencies={[favorites]}
      renderEmptyState={() => <p className="px-3 py-6 text-center text-ui text-text-3">{t("model.none")}</p>}
      className="min-h-0 flex-1 overflow-y-auto p-1.5 outline-none"
    >
      {(section) => (
        <ListBoxSection id={section.id}>
          <Header className="px-2 pt-2 pb-1 text-small font-[560] text-text-3">{titleOf(section)}</Header>
          <Collection items={section.options} dependencies={[favorites]}>
            {(option) => (
              <PickerOption key={option.key} option={option} favorites={favorites} onFavorite={onFavorite} />
            )}
          </Collection>
        </ListBoxSection>
      )}
    </ListBox>
  );
  return (
    <Autocomplete filter={contains}>
      {/* It was opened to find something. */}
      {/* eslint-disable-next-line jsx-a11y/no-autofocus */}
      <SearchField autoFocus aria-label={label} className="relative shrink-0 border-b border-line">
        <Search aria-hidden="true" className="absolute start-3.5 top-3 size-4 text-text-3" />
        <Input
          placeholder={label}
          className="h-10 w-full bg-transparent ps-10 pe-3 text-ui outline-none pointer-coarse:h-12 [&::-webkit-search-cancel-button]:hidden"
        />
      </SearchField>
      {options.length > MANY ? (
        <Virtualizer layout={ListLayout} layoutOptions={{ rowHeight: ROW, headingHeight: HEADING }}>
          {list}
        </Virtualizer>
      ) : (
        list
      )}
    </Autocomplete>
  );
}
