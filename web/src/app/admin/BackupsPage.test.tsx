import { screen } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { it } from "vitest";
import type { Backups, Job } from "../../api/generated";
import { answer } from "../../test/contract";
import { show } from "../../test/show";
import { Component as BackupsPage } from "./BackupsPage";

const NONE: Backups = { items: [], kept: 7, keys_kept_days: 7, every_hours: null, next_at: null };
const BACKUP = { name: "1-ab.backup", bytes: 2_048, hash: "ab", position: 12, made_at: "2026-01-01T12:00:00Z" };

it("creates a backup, and then gives the command that restores it", async () => {
  answer("listBackups", NONE);
  show(<BackupsPage />);
  await screen.findByText("No backups yet");
  await screen.findByText("convosphere config set backup.every_hours 24");
  const progress = { done: 12, total: null, unit: "events" };
  const job: Job = { id: "j", kind: "backup", status: "completed", progress, created_at: BACKUP.made_at };
  answer("createBackup", job);
  answer("getJob", job);
  answer("listBackups", { ...NONE, items: [BACKUP] });
  await userEvent.click(screen.getByRole("button", { name: "Back up now" }));
  await screen.findByText("convosphere database restore --file 1-ab.backup");
  await screen.findByRole("cell", { name: "2 kB" });
});
