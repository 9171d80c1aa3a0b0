import type { ReactNode } from "react";
import { Tab, TabList, TabPanel, Tabs as AriaTabs } from "react-aria-components";

interface Props {
  label: string;
  tabs: { id: string; title: string; content: ReactNode }[];
  selected: string;
  onSelect: (id: string) => void;
}

/** Parts of one page, one shown at a time. */
export function Tabs({ label, tabs, selected, onSelect }: Props) {
  return (
    <AriaTabs
      selectedKey={selected}
      onSelectionChange={(key) => onSelect(String(key))}
      className="flex min-h-0 flex-col gap-5"
    >
      <TabList aria-label={label} className="flex gap-1 overflow-x-auto border-b border-line">
        {tabs.map(({ id, title }) => (
          <Tab
            key={id}
            id={id}
            className="-mb-px cursor-pointer border-b-2 border-transparent px-3 py-2 text-label whitespace-nowrap text-text-2 outline-none hovered:text-text focus-visible:rounded-icon focus-visible:outline-2 focus-visible:-outline-offset-2 focus-visible:outline-accent selected:border-accent selected:text-text"
          >
            {title}
          </Tab>
        ))}
      </TabList>
      {tabs.map(({ id, content }) => (
        <TabPanel key={id} id={id} className="flex min-h-0 flex-col gap-5 outline-none">
          {content}
        </TabPanel>
      ))}
    </AriaTabs>
  );
}
