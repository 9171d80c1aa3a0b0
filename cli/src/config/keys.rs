//! Every setting there is.

/// A setting: its name, its default, and what it does.
#[derive(Debug, Clone, Copy)]
pub struct Key {
    pub name: &'static str,
    pub default: &'static str,
    pub about: &'static str,
    pub secret: bool,
}

const fn key(name: &'static str, default: &'static str, about: &'static str) -> Key {
    Key {
        name,
        default,
        about,
        secret: false,
    }
}

const fn secret(name: &'static str, about: &'static str) -> Key {
    Key {
        name,
        default: "",
        about,
        secret: true,
    }
}

/// All settings. In the environment `server.listen` is `CONVOSPHERE_SERVER__LISTEN`.
pub const KEYS: &[Key] = &[
    key(
        "server.listen",
        "127.0.0.1:8080",
        "Address and port of the HTTP interface.",
    ),
    key(
        "admin.listen",
        "127.0.0.1:9090",
        "Address and port of metrics and health for operators, of every process; not for clients.",
    ),
    key(
        "server.registration",
        "",
        "Who may sign up: open or closed; by default open where only this machine can reach the server.",
    ),
    key(
        "server.hosts",
        "",
        "Host names of the server, separated by commas, such as chat.example.org: requests for others are refused. Where only this machine can reach it, it has none but localhost unless they are named here.",
    ),
    key(
        "proxy.trusted",
        "",
        "Addresses and networks, separated by commas, of the proxies that carry TLS and tell whom they ask for. Without one the server listens on loopback alone.",
    ),
    key(
        "rate_limit.enabled",
        "true",
        "Limits on tries of passwords, and on what one person has under way.",
    ),
    key(
        "rate_limit.streams",
        "64",
        "Event streams and WebSockets of one person at the same time, in each process: one for each tab.",
    ),
    key(
        "rate_limit.exports",
        "3",
        "Exports of one person that are written at the same time, in each process; 16 of all persons.",
    ),
    key(
        "rate_limit.writes",
        "1200",
        "Requests of one person in a minute that change something, in each process; half of them may come at once.",
    ),
    key(
        "models.default",
        "",
        "The model where nobody has named one, as PROVIDER/MODEL, such as builtin/guide. Without it administrators choose, and before them the first provider that works.",
    ),
    key(
        "models.embedding",
        "",
        "The model that embeds documents, as PROVIDER/MODEL; without one their words alone are searched.",
    ),
    key(
        "models.reranking",
        "",
        "The model that puts what was found into a better order, as PROVIDER/MODEL, such as jina/jina-reranker-v2-base-multilingual; it costs each question a call.",
    ),
    key(
        "models.fallback",
        "",
        "Which models stand in for one that does not begin to answer, separated by commas, such as openai/gpt-5>anthropic/claude-sonnet-4-5>builtin/guide.",
    ),
    key(
        "models.prices",
        "",
        "What models cost for a million tokens in and out, separated by commas, such as openai/gpt-5=1.25/10.",
    ),
    key(
        "models.titles",
        "same",
        "Which model names a chat after its first answer: same (the one that answered), a model as PROVIDER/MODEL, or none, which leaves the first question.",
    ),
    key(
        "models.begin_seconds",
        "120",
        "Seconds until an answer of a model begins; then the next one of models.fallback is asked.",
    ),
    key(
        "models.begin_seconds_private",
        "600",
        "The same at private addresses, where a model may have to be loaded first.",
    ),
    key(
        "models.idle_seconds",
        "120",
        "Seconds between two signs of life of an answer that has begun; bytes of any kind are one.",
    ),
    key(
        "models.answer_seconds",
        "3600",
        "Seconds of a whole answer.",
    ),
    key(
        "egress.allow",
        "",
        "Host and port, separated by commas, of places in private networks that administrators may add as providers; names may lead to private addresses.",
    ),
    key("responder.slots", "16", "Answers written at the same time."),
    secret(
        "database.url",
        "An external PostgreSQL instead of the private one; in the environment also DATABASE_URL.",
    ),
    secret(
        "nats.url",
        "The NATS server that ties processes together; in the environment also NATS_URL.",
    ),
    key(
        "meilisearch.url",
        "",
        "The Meilisearch server that searches, instead of PostgreSQL; in the environment also MEILI_URL.",
    ),
    secret(
        "meilisearch.key",
        "Its key; in the environment also MEILI_MASTER_KEY.",
    ),
    key(
        "files.url",
        "",
        "Where the bytes of files lie: s3://bucket/prefix, or file:///folder; by default files in the data folder. Processes with data folders of their own need one that all of them reach.",
    ),
    key(
        "files.endpoint",
        "",
        "The address of an S3-compatible store other than Amazon's; in the environment also AWS_ENDPOINT_URL.",
    ),
    key(
        "files.region",
        "",
        "Its region; in the environment also AWS_REGION.",
    ),
    key(
        "files.access_key_id",
        "",
        "Its account; in the environment also AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY.",
    ),
    secret("files.secret_access_key", "The secret of that account."),
    key(
        "files.max_bytes",
        "104857600",
        "Bytes of one file, at most.",
    ),
    key(
        "files.quota_bytes",
        "10737418240",
        "Bytes of the files of one person, at most.",
    ),
    key(
        "ingester.slots",
        "2",
        "Documents processed at the same time.",
    ),
    key(
        "backup.folder",
        "",
        "The folder of backups; by default backups in the data folder. Processes with data folders of their own need one that all of them reach.",
    ),
    key(
        "backup.every_hours",
        "0",
        "Hours between backups that are made by themselves; 0 makes none.",
    ),
    key("backup.keep", "7", "Backups that are kept."),
    key(
        "backup.keep_keys_days",
        "7",
        "Days that a key ring is kept, which is how long what was erased can still be read with it; the newest stays.",
    ),
    key(
        "master_key.file",
        "",
        "The file of the master key; by default master.key in the data folder.",
    ),
    key(
        "postgres.bin",
        "",
        "The folder of the PostgreSQL server's programs.",
    ),
    key(
        "log.level",
        "warn",
        "What is logged, as tracing's filters are written.",
    ),
    key("log.format", "text", "text or json."),
    key(
        "log.files",
        "info",
        "What the server writes into files, a line of JSON each, in the folder logs of the data folder; off writes none.",
    ),
    key("log.keep_days", "14", "Days that such files are kept."),
];

/// The key of a name.
pub fn find(name: &str) -> Option<&'static Key> {
    KEYS.iter().find(|key| key.name == name)
}

/// The known name that looks most like a wrong one.
pub fn nearest(wrong: &str) -> &'static str {
    KEYS.iter()
        .min_by_key(|key| distance(key.name, wrong))
        .map_or("", |key| key.name)
}

/// Edits between two names.
fn distance(a: &str, b: &str) -> usize {
    let mut row: Vec<usize> = (0..=b.chars().count()).collect();
    for (i, x) in a.chars().enumerate() {
        let mut diagonal = row[0];
        row[0] = i + 1;
        for (j, y) in b.chars().enumerate() {
            let change = diagonal + usize::from(x != y);
            diagonal = row[j + 1];
            row[j + 1] = change.min(row[j] + 1).min(diagonal + 1);
        }
    }
    row.last().copied().unwrap_or(0)
}
