/** What the installation of the screenshots holds: models, questions with their answers, and a week of chats. */

const FAMILIES: Record<string, string[]> = {
  gpt: ["gpt-5.2", "gpt-5.2-mini", "gpt-5-nano", "gpt-4.1", "gpt-4o", "o4-mini"],
  llama: ["llama-3.3-70b-instruct", "llama-3.2-3b", "llama-4-scout", "llama-4-maverick"],
  qwen: ["qwen3-32b", "qwen3-14b", "qwen3-8b", "qwen2.5-coder-32b", "qwen2.5-vl-7b"],
  others: ["gemma-3-27b-it", "gemma-3-12b-it", "deepseek-r1-0528", "mistral-small-3.2", "magistral-small", "phi-4"],
  embeddings: ["nomic-embed-text-v1.5", "text-embedding-3-small", "bge-m3"],
};

export const MODELS = Object.values(FAMILIES).flat();

const FENCE = "```";

export const ANSWERS: Record<string, string> = {
  "Which database should I use for an event log?": `## Choosing a database for an event log

**PostgreSQL** is the right default: you get *ordering*, transactions and \`LISTEN/NOTIFY\` in one process. The cost of a gap-free order is \\( O(\\log n) \\) per append.

### Comparison

| Engine | Append p99 | Global order | Effort | Notes |
|---|---:|---|---|---|
| PostgreSQL 18 | 4.1 ms | with a lock | low | One engine for the log and the views |
| Kafka 4.1 | 2.3 ms | per partition | high | Needs a second store |
| KurrentDB 25.1 | 1.9 ms | yes | medium | Purpose-built |

### The append, in code

${FENCE}rust
/// Appends events to a stream, expecting it to be at \`version\`.
pub async fn append(pool: &PgPool, stream: Uuid, version: i64) -> Result<i64> {
    let mut tx = pool.begin().await?;
    sqlx::query("select pg_advisory_xact_lock($1)").bind(LOCK).execute(&mut *tx).await?;
    Ok(version + 1)
}
${FENCE}

Plan for about $5 to $9 a month per million events, and keep three things in mind:

1. One writer per stream, and a version that it expects.
2. A projection must be able to start from nothing.
   - Keep its position in the same transaction.
3. Backups are only real once they were restored.

> A log that nobody can replay is a diary.

$$
P(\\text{loss}) = 1 - \\prod_{i=1}^{n} (1 - p_i)
$$
`,
  "How high is the lantern allowance?":
    "The lantern allowance is **forty euros a night** [1], on journeys that end after dark.",
  "Draw how a command travels": `A command becomes an event, and the event becomes a view:

${FENCE}mermaid
flowchart LR
  A[Command] --> B{Decide}
  B -->|accepted| C[(Event log)]
  B -->|refused| D[Problem]
  C --> E[Projection]
  C --> F[Live stream]
${FENCE}
`,
  "كيف أختار قاعدة بيانات؟": `ابدأ بـ **PostgreSQL**، فهو يكفي معظم المشاريع.

1. الترتيب مضمون داخل معاملة واحدة.
2. النسخ الاحتياطي بسيط: \`pg_dump\`.

| المحرك | الجهد |
|---|---|
| PostgreSQL | منخفض |
| Kafka | مرتفع |
`,
};

type Chat = [title: string, daysAgo: number, question: string, answer: string];

/** The first one is pinned. */
export const CHATS: Chat[] = [
  ["Names for a grey cat", 5, "Five names for a grey cat?", "Ash, Pewter, Misty, Slate and Earl Grey."],
  [
    "Monty Hall explained",
    0.2,
    "Why should I switch?",
    "Because the host **knows** where the car is: switching wins in 2 of 3.",
  ],
  [
    "Renewing a Let’s Encrypt certificate without downtime",
    0.3,
    "How do I renew without downtime?",
    "Reload, do not restart:\n\n```sh\ncertbot renew --deploy-hook 'systemctl reload nginx'\n```",
  ],
  [
    "Release notes for 0.3",
    1,
    "Write release notes.",
    "- Search finds accents.\n- Backups are verified.\n- Chats can be pinned.",
  ],
  ["Shrinking a Docker image", 1.4, "My image has 1.2 GB.", "Use a build stage and copy only the binary."],
  ["Tuesday’s meeting, summarised", 3, "Summarise this.", "Three decisions, one open question."],
  [
    "Cover letter, lighthouse keeper",
    4,
    "A cover letter, please.",
    "Dear Sir or Madam, I have always liked the night.",
  ],
  ["Lentil soup without garlic", 6, "A soup without garlic?", "Red lentils, cumin, lemon and a little butter."],
  ["Ideas for a team retrospective", 12, "Ideas?", "Start, stop, continue."],
  ["Überstunden und Urlaub", 20, "Wie viele Tage?", "Dreißig Tage."],
  ["京都で三日間", 34, "京都で三日間、何をすべき？", "**伏見稲荷**、嵐山、錦市場です。"],
];
