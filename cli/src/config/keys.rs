//! The list of all settings.

#[derive(Debug, Clone, Copy)]
pub struct Key {
    pub name: &'static str,
    pub default: &'static str,
    pub description: &'static str,
    pub secret: bool,
}

const fn key(name: &'static str, default: &'static str, description: &'static str) -> Key {
    Key {
        name,
        default,
        description,
        secret: false,
    }
}

const fn secret(name: &'static str, description: &'static str) -> Key {
    Key {
        name,
        default: "",
        description,
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
        "Address and port for metrics and health checks, in every process. Do not expose it to clients.",
    ),
    key(
        "server.registration",
        "",
        "Whether people can sign up: open or closed. By default open if only this machine can reach the server.",
    ),
    key(
        "server.hosts",
        "",
        "Host names of the server, separated by commas, such as chat.example.org. Requests for other hosts are refused. By default only localhost if only this machine can reach the server, otherwise any host.",
    ),
    key(
        "proxy.trusted",
        "",
        "Addresses and networks, separated by commas, of the proxies that terminate TLS and forward client addresses. Without a proxy the server can listen only on loopback.",
    ),
    key(
        "rate_limit.enabled",
        "true",
        "Limits password attempts, and the streams, exports and writes of each person.",
    ),
    key(
        "rate_limit.streams",
        "64",
        "Maximum number of concurrent event streams and WebSockets per person and process; each browser tab uses one.",
    ),
    key(
        "rate_limit.exports",
        "3",
        "Maximum number of concurrent exports per person and process; all people together can run 16.",
    ),
    key(
        "rate_limit.writes",
        "1200",
        "Maximum number of write requests per person, minute and process; half of them can arrive at once.",
    ),
    key(
        "models.default",
        "",
        "The default model as PROVIDER/MODEL, such as builtin/guide. If empty, administrators choose it; until then it is a model of the first provider that works.",
    ),
    key(
        "models.embedding",
        "",
        "The model that embeds documents, as PROVIDER/MODEL. If empty, documents are searched by keyword only.",
    ),
    key(
        "models.reranking",
        "",
        "The model that reranks search results, as PROVIDER/MODEL, such as jina/jina-reranker-v2-base-multilingual. Each question then needs one more call.",
    ),
    key(
        "models.fallback",
        "",
        "Fallback chains for models that do not start to answer, separated by commas, such as openai/gpt-5>anthropic/claude-sonnet-4-5>builtin/guide.",
    ),
    key(
        "models.prices",
        "",
        "Prices per million input and output tokens, separated by commas, such as openai/gpt-5=1.25/10.",
    ),
    key(
        "models.titles",
        "same",
        "The model that writes the title of a chat after its first answer: same (the model that answered), a model as PROVIDER/MODEL, or none (the title is the first question).",
    ),
    key(
        "models.begin_seconds",
        "120",
        "Seconds to wait for an answer to start, before the next model of models.fallback is tried.",
    ),
    key(
        "models.begin_seconds_private",
        "600",
        "The same for providers at private addresses, which may have to load the model first.",
    ),
    key(
        "models.idle_seconds",
        "120",
        "Seconds without any data after which an answer fails.",
    ),
    key(
        "models.answer_seconds",
        "3600",
        "Maximum duration of an answer in seconds.",
    ),
    key(
        "egress.allow",
        "",
        "Private addresses as HOST:PORT, separated by commas, that administrators can use as providers; host names may resolve to private addresses.",
    ),
    key(
        "responder.slots",
        "16",
        "Number of answers that are generated at the same time.",
    ),
    secret(
        "database.url",
        "The URL of an external PostgreSQL database, instead of the private one; also DATABASE_URL.",
    ),
    secret(
        "nats.url",
        "The URL of the NATS server that connects several processes; also NATS_URL.",
    ),
    key(
        "meilisearch.url",
        "",
        "The URL of a Meilisearch server to search with, instead of PostgreSQL; also MEILI_URL.",
    ),
    secret(
        "meilisearch.key",
        "The key of the Meilisearch server; also MEILI_MASTER_KEY.",
    ),
    key(
        "files.url",
        "",
        "Where file contents are stored: s3://bucket/prefix or file:///folder; by default the folder files in the data folder. Processes with separate data folders need a shared location.",
    ),
    key(
        "files.endpoint",
        "",
        "The URL of an S3-compatible store other than Amazon S3; also AWS_ENDPOINT_URL.",
    ),
    key(
        "files.region",
        "",
        "The region of the store; also AWS_REGION.",
    ),
    key(
        "files.access_key_id",
        "",
        "The access key ID of the store; also AWS_ACCESS_KEY_ID.",
    ),
    secret(
        "files.secret_access_key",
        "The secret access key of the store; also AWS_SECRET_ACCESS_KEY.",
    ),
    key(
        "files.max_bytes",
        "104857600",
        "Maximum size of a file in bytes.",
    ),
    key(
        "files.quota_bytes",
        "10737418240",
        "Maximum total size of the files of one person in bytes.",
    ),
    key(
        "ingester.slots",
        "2",
        "Number of documents that are processed at the same time.",
    ),
    key(
        "backup.folder",
        "",
        "The folder for backups; by default the folder backups in the data folder. Processes with separate data folders need a shared location.",
    ),
    key(
        "backup.every_hours",
        "0",
        "Hours between scheduled backups; 0 disables them.",
    ),
    key("backup.keep", "7", "Number of backups to keep."),
    key(
        "backup.keep_keys_days",
        "7",
        "Days to keep a key ring. Until it is deleted, erased data in older backups can still be decrypted. The newest one is always kept.",
    ),
    key(
        "master_key.file",
        "",
        "The file of the master key; by default master.key in the data folder.",
    ),
    key(
        "postgres.bin",
        "",
        "The folder that contains the PostgreSQL server programs.",
    ),
    key(
        "log.level",
        "warn",
        "The log level of standard error: error, warn, info, debug, trace, or a filter of tracing-subscriber.",
    ),
    key(
        "log.format",
        "text",
        "The log format of standard error: text or json.",
    ),
    key(
        "log.files",
        "info",
        "The log level of the JSON log files in the folder logs of the data folder; off disables them.",
    ),
    key("log.keep_days", "14", "Days to keep log files."),
];

/// Finds a setting by name.
pub fn find(name: &str) -> Option<&'static Key> {
    KEYS.iter().find(|key| key.name == name)
}

/// The name of the setting that is most similar to an unknown name.
pub fn nearest(wrong: &str) -> &'static str {
    KEYS.iter()
        .min_by_key(|key| edit_distance(key.name, wrong))
        .map_or("", |key| key.name)
}

/// The Levenshtein distance between two names.
fn edit_distance(a: &str, b: &str) -> usize {
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
