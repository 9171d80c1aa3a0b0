//! Decompression bombs as imports: each fails with the limit that it exceeds, the memory of the server stays bounded, and
//! the next import succeeds.

use std::io::{Cursor, Write};

use serde_json::{Value, json};
use zip::ZipWriter;
use zip::write::SimpleFileOptions;

use crate::program::Installation;
use crate::site::{Person, Site};

/// The maximum increase of the peak memory, in bytes.
const MEMORY_LIMIT: u64 = 192 << 20;

/// An entry of a ZIP file: its name, and its parts with their repetitions.
type Entry<'a> = (&'a str, &'a [(&'a str, usize)]);

fn zipped(entries: &[Entry<'_>]) -> Vec<u8> {
    let mut zip = ZipWriter::new(Cursor::new(vec![]));
    for (name, parts) in entries {
        zip.start_file(*name, SimpleFileOptions::default()).unwrap();
        for (part, times) in *parts {
            let many = part.repeat(10_000);
            for _ in 0..times / 10_000 {
                zip.write_all(many.as_bytes()).unwrap();
            }
            zip.write_all(part.repeat(times % 10_000).as_bytes())
                .unwrap();
        }
    }
    zip.finish().unwrap().into_inner()
}

/// A `ChatGPT` export with a repeated part.
fn chatgpt(before: &str, repeated: (&str, usize), after: &str) -> Vec<u8> {
    zipped(&[("conversations.json", &[(before, 1), repeated, (after, 1)])])
}

/// A ConvoSphere archive with one conversation, whose only message has a repeated part.
fn own(before: &str, repeated: (&str, usize), after: &str) -> Vec<u8> {
    let empty = r#""assistants":[],"knowledge_bases":[],"files":[]}"#;
    let conversation = [
        (OWN, 1),
        (OWN_MESSAGE, 1),
        (before, 1),
        repeated,
        (after, 1),
    ];
    zipped(&[
        ("manifest.json", &[(MANIFEST, 1), (empty, 1)]),
        ("conversations/a.json", &conversation),
    ])
}

/// A ConvoSphere archive whose manifest has a repeated part.
fn manifest(before: &str, repeated: (&str, usize)) -> Vec<u8> {
    zipped(&[(
        "manifest.json",
        &[(MANIFEST, 1), (before, 1), repeated, ("{}]}", 1)],
    )])
}

// The JSON before the parts and before the attachments of a message, and other fragments.
const PARTS: &str =
    r#"[{"id":"b","mapping":{"x":{"message":{"author":{"role":"user"},"content":{"parts":["#;
const ATTACHED: &str = r#"[{"id":"b","mapping":{"x":{"message":{"author":{"role":"user"},"content":{"parts":["a"]},"metadata":{"attachments":["#;
const END: &str = "{}]}}}}}]";
const FUTURE: &str = r#"[{"id":"b","future":["#;
const LISTS: &str = r#""assistants":[],"knowledge_bases":[],"files":["#;
const OWN: &str = r#"{"format":"convosphere.conversation","version":1,"conversation":{"id":"00000000-0000-0000-0000-000000000007","created_at":"2024-02-29T12:00:00Z","updated_at":"2024-02-29T12:00:00Z"},"messages":["#;
const OWN_MESSAGE: &str = r#"{"id":"00000000-0000-0000-0000-000000000008","role":"assistant","content":"a","status":"complete","created_at":"2024-02-29T12:00:00Z","#;
const MANIFEST: &str =
    r#"{"format":"convosphere.archive","version":1,"digest":"","conversations":0,"#;

async fn import(ada: &Person<'_>, name: &str, file: &[u8]) -> Value {
    let uploaded = ada.upload("files", name, file).await;
    let request = json!({"file_id": uploaded.text("/id")});
    let job = ada.post(0, "imports", request).await.text("/id");
    let path = format!("jobs/{job}");
    loop {
        let ended = ada.get(0, &path).await.body;
        if !ended["ended_at"].is_null() {
            return ended;
        }
    }
}

const BYTES: &str = "a conversation has more than 16777216 bytes";

/// Name, file, and the limit that it exceeds.
type Bomb = (&'static str, Vec<u8>, &'static str);

fn bombs() -> Vec<Bomb> {
    let nested = format!("{}{},", "[".repeat(99), "]".repeat(99));
    let deep = "[".repeat(1_000);
    vec![
        (
            "a list",
            chatgpt(ATTACHED, ("{},", 5_000_000), END),
            "10000 attachments in one message",
        ),
        (
            "an unknown list",
            chatgpt(FUTURE, ("{},", 40_000_000), "{}]}]"),
            BYTES,
        ),
        (
            "nested lists",
            chatgpt(FUTURE, (&nested, 400_000), "{}]}]"),
            BYTES,
        ),
        (
            "small keys",
            chatgpt(
                r#"[{"id":"b","mapping":{"#,
                (r#""a1":{},"#, 1_700_000),
                r#""a2":{}}}]"#,
            ),
            "200000 nodes",
        ),
        (
            "parts",
            chatgpt(PARTS, (r#""","#, 5_000_000), r#"""]}}}}}]"#),
            "10000 parts in one message",
        ),
        (
            "one text",
            chatgpt(
                &format!("{PARTS}\""),
                ("aaaaaaaaaa", 1_600_000),
                r#""]}}}}}]"#,
            ),
            "2000000 characters in one message",
        ),
        (
            "deep nesting",
            chatgpt("[", (&deep, 60_000), ""),
            "could not be read",
        ),
    ]
}

/// The same for ConvoSphere archives.
fn own_bombs() -> Vec<Bomb> {
    let part = r#"{"type":"text","text":""},"#;
    vec![
        (
            "own parts",
            own(
                r#""citations":[],"parts":["#,
                (part, 500_000),
                r#"{"type":"text","text":""}]}]}"#,
            ),
            "10000 entries in one list",
        ),
        (
            "own fields",
            own(r#""future":["#, ("{},", 9_000_000), "{}]}]}"),
            "25165824 bytes in one message",
        ),
        (
            "own messages",
            own(r#""a":0},"#, ("{},", 15_000_000), "{}]}"),
            "message 2: missing field",
        ),
        (
            "own text",
            own(r#""future":""#, ("aaaaaaaaaa", 13_000_000), r#""}]}"#),
            "a conversation has more than 67108864 bytes",
        ),
        (
            "a manifest's files",
            manifest(LISTS, ("{},", 40_000_000)),
            "manifest.json could not be read",
        ),
        (
            "a manifest's owner",
            manifest(r#""owner":["#, ("{},", 40_000_000)),
            "the manifest has more than 16777216 bytes",
        ),
    ]
}

#[tokio::test(flavor = "multi_thread")]
async fn decompression_bombs_of_chatgpt_exports_fail_with_their_limit() {
    assert_rejected(bombs()).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn decompression_bombs_of_archives_fail_with_their_limit() {
    assert_rejected(own_bombs()).await;
}

async fn assert_rejected(bombs: Vec<Bomb>) {
    let installation = || Installation::external().with("CONVOSPHERE_RATE_LIMIT__ENABLED", "false");
    let (site, server) = Site::with_one_server(installation, String::new()).await;
    let ada = site.log_in("ada@example.org").await;
    let good = chatgpt(PARTS, (r#""Tea?","#, 1), r#""Now."]}}}}}]"#);
    assert_eq!(
        import(&ada, "first.zip", &good).await["status"],
        "completed"
    );
    let before = server.peak_memory();
    for (name, file, limit) in bombs {
        assert!(file.len() < 2 << 20, "{name} has {} bytes", file.len());
        let ended = import(&ada, "bomb.zip", &file).await;
        assert_eq!(ended["status"], "failed", "{name}: {ended}");
        let error = ended["error"].as_str().unwrap();
        assert!(error.contains(limit), "{name}: {error}");
        let increase = server.peak_memory().saturating_sub(before);
        assert!(increase < MEMORY_LIMIT, "{name} used {increase} bytes");
    }
    let again = import(&ada, "again.zip", &good).await;
    assert_eq!(again["result"]["conversations"]["known"], 1, "{again}");
}
