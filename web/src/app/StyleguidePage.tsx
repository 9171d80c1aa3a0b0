/** Every part of the kit in light and dark, for whoever builds with it. Only development builds have this page; its words
 * are for developers and are not translated. */
import { Bot, Copy, Ellipsis, Pencil, Plus, Trash2 } from "lucide-react";
import { type ReactNode, useState } from "react";
import { Alert } from "../ui/Alert";
import { Badge } from "../ui/Badge";
import { Button } from "../ui/Button";
import { Checkbox } from "../ui/Checkbox";
import { CheckboxGroup } from "../ui/CheckboxGroup";
import { Confirm } from "../ui/Confirm";
import { EmptyState } from "../ui/EmptyState";
import { Form } from "../ui/Form";
import { IconButton } from "../ui/IconButton";
import { Kbd } from "../ui/Kbd";
import { Menu } from "../ui/Menu";
import { Page } from "../ui/Page";
import { PasswordField } from "../ui/PasswordField";
import { SearchInput } from "../ui/SearchInput";
import { Select } from "../ui/Select";
import { Sheet } from "../ui/Sheet";
import { Skeleton } from "../ui/Skeleton";
import { Status } from "../ui/Status";
import { Switch } from "../ui/Switch";
import { Cell, Row, Table } from "../ui/Table";
import { Tabs } from "../ui/Tabs";
import { TextAreaField } from "../ui/TextAreaField";
import { TextField } from "../ui/TextField";
import { Tile } from "../ui/Tile";
import { toast } from "../ui/Toast";

const COLOURS = [
  "bg",
  "side",
  "sunken",
  "raised",
  "hover",
  "active",
  "line",
  "line-strong",
  "field",
  "accent",
  "accent-soft",
];
const TYPE = ["greeting", "title", "section", "answer", "ui", "label", "small"];

export function Component() {
  return (
    <Page title="Style guide" description="The parts of which every page is made.">
      <div className="grid gap-6 xl:grid-cols-2">
        {(["light", "dark"] as const).map((scheme) => (
          <div
            key={scheme}
            style={{ colorScheme: scheme }}
            className="flex flex-col gap-8 rounded-card border border-line bg-bg p-6 text-text"
          >
            <Kit />
          </div>
        ))}
      </div>
    </Page>
  );
}

function Section({ title, children }: { title: string; children: ReactNode }) {
  return (
    <section aria-label={title} className="flex flex-col gap-3">
      <h2 className="text-section">{title}</h2>
      <div className="flex flex-wrap items-center gap-3">{children}</div>
    </section>
  );
}

function Kit() {
  return (
    <>
      <Section title="Colours">
        {COLOURS.map((name) => (
          <span key={name} className="flex items-center gap-2 text-small">
            <span
              className="size-8 rounded-icon border border-line-strong"
              style={{ background: `var(--color-${name})` }}
            />
            {name}
          </span>
        ))}
      </Section>
      <Section title="Type">
        {TYPE.map((name) => (
          <p
            key={name}
            className="w-full"
            style={{
              fontSize: `var(--text-${name})`,
              lineHeight: `var(--text-${name}--line-height)`,
              fontWeight: `var(--text-${name}--font-weight)`,
            }}
          >
            {name}: the quick brown fox
          </p>
        ))}
      </Section>
      <Buttons />
      <Fields />
      <Lists />
      <Overlays />
    </>
  );
}

function Buttons() {
  return (
    <Section title="Buttons">
      <Button look="primary">
        <Plus aria-hidden="true" />
        Primary
      </Button>
      <Button>Plain</Button>
      <Button look="quiet">Quiet</Button>
      <Button look="danger">Danger</Button>
      <Button isPending>Pending</Button>
      <Button isDisabled>Disabled</Button>
      <IconButton label="Copy" icon={Copy} keys="Mod C" />
      <IconButton label="Add" icon={Plus} look="accent" size="round" />
      <Menu
        label="Actions"
        groups={[
          [{ id: "rename", label: "Rename", icon: Pencil, onAction: () => toast("Renamed") }],
          [{ id: "delete", label: "Delete", icon: Trash2, isDanger: true, onAction: () => toast("Deleted") }],
        ]}
      >
        <IconButton label="Actions" icon={Ellipsis} />
      </Menu>
      <Kbd keys="Mod K" />
    </Section>
  );
}

function Fields() {
  const [text, setText] = useState("");
  const [isOn, setIsOn] = useState(true);
  const [fruit, setFruit] = useState<"apple" | "pear">("apple");
  const [chosen, setChosen] = useState(["a"]);
  return (
    <Section title="Fields">
      <Form errors={{ refused: "This name is taken." }} onSubmit={() => toast("Sent")}>
        <TextField label="Name" hint="As others see it" value={text} onChange={setText} />
        <TextField name="refused" label="Refused" value={text} onChange={setText} />
        <PasswordField label="Password" value={text} onChange={setText} />
        <TextAreaField label="Instructions" value={text} onChange={setText} />
        <Select label="Fruit" value={fruit} options={{ apple: "Apple", pear: "Pear" }} onChange={setFruit} />
        <SearchInput label="Search fruit" value={text} onChange={setText} />
        <Switch label="On or off" hint="At once" isSelected={isOn} onChange={setIsOn} />
        <Checkbox label="One of several" isSelected={isOn} onChange={setIsOn} />
        <CheckboxGroup
          label="Any of these"
          items={[
            { id: "a", name: "Apples" },
            { id: "b", name: "Pears" },
          ]}
          chosen={chosen}
          onChange={setChosen}
        />
      </Form>
    </Section>
  );
}

function Lists() {
  const [tab, setTab] = useState("one");
  return (
    <Section title="Lists and states">
      <Tile name="Ada Lovelace" isRound />
      <Tile icon={Bot} size="large" />
      <Tile name="OpenAI" look="plain" />
      <Badge>default</Badge>
      <Status look="good">Online</Status>
      <Status look="warn">Waiting</Status>
      <Status look="bad">Unreachable</Status>
      <div className="w-full">
        <Table label="Engines" columns={["Engine", { title: "p99", align: "end" }]}>
          <Row>
            <Cell>PostgreSQL 18</Cell>
            <Cell align="end">4.1 ms</Cell>
          </Row>
        </Table>
      </div>
      <div className="w-full">
        <Tabs
          label="Parts"
          selected={tab}
          onSelect={setTab}
          tabs={[
            { id: "one", title: "One", content: <Skeleton /> },
            { id: "two", title: "Two", content: <Alert>Something went wrong.</Alert> },
          ]}
        />
      </div>
      <div className="w-full">
        <EmptyState icon={Bot} title="No assistants yet. Create one that knows your documents.">
          <Button look="primary">New assistant</Button>
        </EmptyState>
      </div>
    </Section>
  );
}

function Overlays() {
  const [open, setOpen] = useState<"confirm" | "sheet">();
  const close = () => setOpen(undefined);
  return (
    <Section title="Overlays">
      <Button onPress={() => toast("Moved to trash", { label: "Undo", onPress: () => toast("Restored") })}>
        Toast
      </Button>
      <Button onPress={() => setOpen("confirm")}>Confirm</Button>
      <Button onPress={() => setOpen("sheet")}>Sheet</Button>
      <Confirm
        title="Delete “Harbour handbook”?"
        action="Delete"
        mustType="Harbour handbook"
        isOpen={open === "confirm"}
        onClose={close}
        onConfirm={() => toast("Deleted")}
      >
        <p>Its documents are destroyed. This can’t be undone.</p>
      </Confirm>
      <Sheet label="A sheet" side="end" isOpen={open === "sheet"} onClose={close}>
        <p className="p-6">From the edge of the screen.</p>
      </Sheet>
    </Section>
  );
}
