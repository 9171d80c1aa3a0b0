/** A week in an installation, made through the API alone: people, a provider with many models, assistants, knowledge, and
 * chats with everything that models write. For screenshots, and for whoever wants to look at the client at work. */
import { readFileSync } from "node:fs";
import { Provider } from "./provider";
import { DOCUMENTS, type Server } from "./server";
import { ANSWERS, CHATS, MODELS } from "./showcase";

export const PEOPLE = {
  ada: { display_name: "Ada Lovelace", email: "ada@example.org", password: "correct horse battery" },
  ben: { display_name: "Ben Okafor", email: "ben@example.org", password: "correct horse battery" },
};

const DAY = 24 * 60 * 60;

/** The provider of the showcase: answers a known question at length, others shortly. */
export function startShowcaseProvider(): Promise<Provider> {
  // Passages of documents stand before a question.
  const find = (asked: string) => Object.entries(ANSWERS).find(([question]) => asked.endsWith(question))?.[1];
  return Provider.start(MODELS, (asked) => find(asked) ?? "Certainly. What would you like to know about it?");
}

interface Call {
  (method: string, path: string, body?: unknown): Promise<Record<string, unknown>>;
}

/** Fills an installation that was just started; answers with the ids of what the pictures show. */
export async function seed(server: Server, now = Date.now() / 1000) {
  const token = new URL(server.setUpLink).hash.replace(/^#(token=)?/, "");
  const session = await server.call("POST", "/setup", { ...PEOPLE.ada, token });
  const access = String(session.access_token);
  const call: Call = (method, path, body) => server.call(method, path, body, access);
  await call("POST", "/users", { ...PEOPLE.ben, role: "user" });
  for (const [display_name, role] of [
    ["Chiara Rossi", "manager"],
    ["Dmitri Volkov", "user"],
    ["Esra Yılmaz", "guest"],
  ]) {
    const email = `${String(display_name).split(" ")[0]?.toLowerCase() ?? ""}@example.org`;
    await call("POST", "/users", { display_name, role, email, password: PEOPLE.ben.password });
  }
  const base = await call("POST", "/knowledge-bases", {
    name: "Harbour handbook",
    description: "Allowances, holidays and the rules of the quay.",
    tags: ["rules", "travel"],
    visibility: "everyone",
  });
  for (const name of ["handbook.pdf", "garden.md", "notes.html", "contract.docx"]) {
    await upload(server, access, `/knowledge-bases/${String(base.id)}/documents`, name, readFileSync(DOCUMENTS + name));
  }
  await readAll(call, String(base.id));
  const clerk = await assistant(call, {
    name: "Harbour clerk",
    description: "Answers from the handbook, with its sources.",
    instructions: "Answer from the handbook. Name the page. Say so when it has no answer.",
    knowledge_base_ids: [base.id],
    visibility: "everyone",
  });
  await assistant(call, {
    name: "Release notes",
    description: "Turns a list of changes into notes that people read.",
    instructions: "Write release notes: what changed for the reader, most useful first.",
    visibility: "everyone",
  });
  await bringIn(server, access, call, now);
  const showcase = await chat(call, Object.keys(ANSWERS)[0] ?? "", String(clerk.id));
  const cited = await chat(call, "How high is the lantern allowance?", String(clerk.id));
  return { base: String(base.id), clerk: String(clerk.id), showcase, cited };
}

async function assistant(call: Call, given: Record<string, unknown>) {
  const made = await call("POST", "/assistants", given);
  await call("POST", `/assistants/${String(made.id)}/activate`);
  return made;
}

/** A chat of one question, answered to its end. */
async function chat(call: Call, content: string, assistant_id: string): Promise<string> {
  const { id } = await call("POST", "/conversations", { assistant_id });
  const posted = await call("POST", `/conversations/${String(id)}/messages`, { content });
  const response = (posted.response_id ?? (posted.response as { id?: unknown } | undefined)?.id) as string;
  await until(async () => (await call("GET", `/responses/${response}`)).status === "completed");
  return String(id);
}

/** Chats of the days before, as an export of ChatGPT: what is imported keeps its dates. */
async function bringIn(server: Server, access: string, call: Call, now: number) {
  const chats = CHATS.map(([title, daysAgo, question, answer], place) =>
    exported(title, now - daysAgo * DAY - place * 1_200, question, answer),
  );
  const file = await upload(server, access, "/files", "conversations.json", Buffer.from(JSON.stringify(chats)));
  const job = await call("POST", "/imports", { file_id: file.id });
  await until(async () => {
    const { status, error } = await call("GET", `/jobs/${String(job.id)}`);
    if (status === "failed") {
      throw new Error(String(error));
    }
    return status === "completed";
  });
  await call("DELETE", `/files/${String(file.id)}`);
  const listed = (await call("GET", "/conversations?limit=50")).items as { id: string; title: string }[];
  const pinned = listed.find(({ title }) => title === CHATS[0]?.[0]);
  await call("PATCH", `/conversations/${pinned?.id ?? ""}`, { pinned: true });
}

function exported(title: string, time: number, question: string, answer: string) {
  const message = (role: string, text: string, create_time: number) => ({
    author: { role },
    create_time,
    content: { content_type: "text", parts: [text] },
    recipient: "all",
    metadata: {},
  });
  return {
    id: title,
    title,
    create_time: time,
    update_time: time + 30,
    current_node: "answer",
    mapping: {
      root: { id: "root", parent: null, children: ["question"], message: null },
      question: { id: "question", parent: "root", children: ["answer"], message: message("user", question, time) },
      answer: { id: "answer", parent: "question", children: [], message: message("assistant", answer, time + 30) },
    },
  };
}

async function upload(server: Server, access: string, path: string, name: string, bytes: Buffer) {
  const form = new FormData();
  form.append("file", new Blob([new Uint8Array(bytes)]), name);
  const response = await fetch(`${server.url}/api/v1${path}`, {
    method: "POST",
    headers: { Authorization: `Bearer ${access}` },
    body: form,
  });
  if (!response.ok) {
    throw new Error(`${name}: ${response.status} ${await response.text()}`);
  }
  return (await response.json()) as Record<string, unknown>;
}

async function readAll(call: Call, base: string) {
  await until(async () => {
    const { items } = (await call("GET", `/knowledge-bases/${base}/documents`)) as { items: { status: string }[] };
    return items.every(({ status }) => status === "ready" || status === "failed");
  });
}

/** Waits for something that takes a while; a test that waits for too long is ended by its own limit. */
async function until(isSo: () => Promise<boolean>) {
  while (!(await isSo())) {
    await new Promise((resolve) => setTimeout(resolve, 200));
  }
}
