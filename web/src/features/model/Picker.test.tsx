import { screen, within } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { beforeEach, expect, it, vi } from "vitest";
import { answer, asked } from "../../test/contract";
import { show } from "../../test/show";
import { ModelChip } from "./ModelChip";
import { useAnswerer } from "./useAnswerer";

const MODELS = [
  { id: "builtin/guide", name: "guide", provider: "builtin", built_in: true, default: false },
  {
    id: "openai/gpt-5.2",
    name: "gpt-5.2",
    provider: "openai",
    built_in: false,
    default: true,
    context_window: 128_000,
  },
  { id: "local/qwen3", name: "qwen3", provider: "local", built_in: false, default: false },
];
const ASSISTANTS = [
  { id: "d", name: "Assistant", status: "active", is_default: true, description: "", model: null },
  { id: "h", name: "Harbour clerk", status: "active", is_default: false, description: "Tides", model: "local/qwen3" },
];

beforeEach(() => {
  answer("getPreferences", { favorite_models: [] } as never);
  answer("listModels", { items: MODELS.map((model) => ({ ...model, chat: true, enabled: true })) });
  answer("listAssistants", { items: ASSISTANTS } as never);
});

function Chip(props: { assistantId?: string; model?: string; onChoose: () => void }) {
  return <ModelChip answerer={useAnswerer(props.assistantId, props.model)} onChoose={props.onChoose} />;
}

async function open(model: string) {
  await userEvent.click(await screen.findByRole("button", { name: `Model: ${model}` }));
  return within(await screen.findByRole("listbox", { name: "Choose a model or assistant" }));
}

it("shows who can answer in groups, with what is known, and who answers now", async () => {
  show(<Chip onChoose={vi.fn()} />);
  const list = await open("gpt-5.2");
  expect(list.getAllByRole("group").map((group) => group.textContent)).toEqual([
    expect.stringMatching(/^Assistants/),
    expect.stringMatching(/^openai/),
    expect.stringMatching(/^local/),
    expect.stringMatching(/^Built in/),
  ]);
  const chosen = list.getAllByRole("option", { selected: true }).map((option) => option.textContent);
  expect(chosen).toEqual([
    expect.stringMatching(/^Assistant/),
    expect.stringMatching(/gpt-5\.2.*openai · 128k · default/),
  ]);
});

it("is narrowed by typing, and chosen from by keyboard alone", async () => {
  const onChoose = vi.fn();
  show(<Chip onChoose={onChoose} />);
  const list = await open("gpt-5.2");
  await userEvent.keyboard("qwe");
  expect(list.getAllByRole("option").map((option) => option.textContent)).toEqual([expect.stringMatching(/qwen3/)]);
  await userEvent.keyboard("{ArrowDown}{Enter}");
  expect(onChoose).toHaveBeenCalledExactlyOnceWith({ model: "local/qwen3" });
  expect(screen.queryByRole("listbox")).toBeNull();
});

it("chooses an assistant, and answers with its model", async () => {
  const onChoose = vi.fn();
  const { unmount } = show(<Chip onChoose={onChoose} />);
  const list = await open("gpt-5.2");
  await userEvent.click(list.getByRole("option", { name: /Harbour clerk/ }));
  expect(onChoose).toHaveBeenCalledExactlyOnceWith({ assistantId: "h" });
  unmount();
  show(<Chip assistantId="h" onChoose={onChoose} />);
  await open("qwen3");
});

it("says when nothing matches", async () => {
  show(<Chip onChoose={vi.fn()} />);
  await open("gpt-5.2");
  await userEvent.keyboard("zzz");
  await screen.findByText("No matching models");
});

const saved = () => asked.filter(({ operation }) => operation === "updatePreferences").map(({ body }) => body);

it("makes the model that answers the default and a favorite, without a mouse", async () => {
  answer("updatePreferences", {} as never);
  show(<Chip onChoose={vi.fn()} />);
  await open("gpt-5.2");
  const foot = within(screen.getByRole("group", { name: "gpt-5.2" }));
  foot.getByText("gpt-5.2");
  foot.getByRole("button", { name: "Set as my default" }).focus();
  await userEvent.keyboard("{Enter}");
  screen.getByRole("button", { name: "Add to favorites" }).focus();
  await userEvent.keyboard("{Enter}");
  await expect.poll(saved).toEqual([{ default_model: "openai/gpt-5.2" }, { favorite_models: ["openai/gpt-5.2"] }]);
});

it("makes a model a favorite by its star, and does not choose it", async () => {
  answer("updatePreferences", {} as never);
  const onChoose = vi.fn();
  show(<Chip onChoose={onChoose} />);
  const list = await open("gpt-5.2");
  const star = list.getByRole("option", { name: /qwen3/ }).querySelector("[data-star]");
  await userEvent.click(star ?? document.body);
  await expect.poll(saved).toEqual([{ favorite_models: ["local/qwen3"] }]);
  expect(onChoose).not.toHaveBeenCalled();
});

it("shows favorites first, and says what a model can do", async () => {
  answer("getPreferences", { favorite_models: ["local/qwen3"] } as never);
  const [guide, gpt, qwen] = MODELS;
  const able = [guide, { ...gpt, vision: true }, { ...qwen, reasoning: true }];
  answer("listModels", { items: able.map((model) => ({ ...model, chat: true })) } as never);
  show(<Chip onChoose={vi.fn()} />);
  const list = await open("gpt-5.2");
  await expect.poll(() => list.getAllByRole("group")[1]?.textContent).toMatch(/^Favorites.*qwen3.*thinks$/);
  expect(list.getByRole("option", { name: "gpt-5.2" }).textContent).toContain("vision");
});

it.each([
  ["bottom", 250],
  ["top", 700],
])("opens to the %s, where it has more room", async (side, y) => {
  vi.spyOn(HTMLElement.prototype, "getBoundingClientRect").mockReturnValue(new DOMRect(0, y, 100, 32));
  show(<Chip onChoose={vi.fn()} />);
  await open("gpt-5.2");
  const popover = screen.getByRole("listbox").closest<HTMLElement>("[data-trigger]");
  await expect.poll(() => popover?.dataset.placement).toBe(side);
  vi.restoreAllMocks();
});
