//! Files: uploading, serving and deleting them, and errors.

use std::path::Path;

use reqwest::Method;
use serde_json::json;

use crate::cases::World;
use crate::examples::{Recorder, id};
use crate::feature::{Feature, NewCase, Recording, Rules};
use crate::rights::Rule;
use crate::test_app::{FILE_QUOTA, MAX_FILE, Person, TestApp, send, upload};

pub struct Files;

impl Feature for Files {
    fn rules(&self) -> Rules {
        &[
            (Rule::ANYONE, &["listFiles"]),
            (Rule::CREATORS, &["uploadFile"]),
            (Rule::OWNER, &["getFile", "getFileContent", "deleteFile"]),
        ]
    }

    fn case<'a>(&'a self, world: &'a World<'a>, operation: &'a str) -> NewCase<'a> {
        Box::pin(async move {
            let case = match operation {
                "uploadFile" => world.upload(operation, &[]),
                "getFile" | "getFileContent" | "deleteFile" => {
                    let file = upload_own(&world.ada, operation).await;
                    world.request(operation, &[&file])
                }
                _ => return None,
            };
            Some(case.sent_by(&world.ada))
        })
    }

    fn record<'a>(&'a self, recorder: &'a mut Recorder<'_>) -> Recording<'a> {
        Box::pin(async move {
            let file = ("handbook.txt", HANDBOOK);
            let uploaded = recorder
                .upload("uploadFile", recorder.user(&[]), file)
                .await;
            // The same bytes again are the same file.
            recorder
                .upload("uploadFile", recorder.user(&[]), file)
                .await;
            recorder.call("listFiles", recorder.user(&[])).await;
            let uploaded = id(&uploaded);
            recorder.call("getFile", recorder.user(&[&uploaded])).await;
        })
    }
}

/// The text of the file and the document in the examples.
pub const HANDBOOK: &str =
    "Everyone has 30 days of leave each year. Up to five days can be carried over.";

/// Uploads a file with this text and returns its id.
pub async fn upload_own(person: &Person<'_>, text: &str) -> String {
    let uploaded = person.upload("/files", "own.txt", text.as_bytes()).await;
    assert!(uploaded.status.is_success(), "{uploaded:?}");
    uploaded.id()
}

/// Random bytes, so that no part can be mistaken for another.
fn bytes(length: usize, seed: u64) -> Vec<u8> {
    let mut random = fastrand::Rng::with_seed(seed);
    std::iter::repeat_with(|| random.u8(..))
        .take(length)
        .collect()
}

/// The content of all files below a folder.
fn stored(folder: &Path) -> Vec<Vec<u8>> {
    let mut found = Vec::new();
    for entry in std::fs::read_dir(folder).unwrap().flatten() {
        match entry.file_type().unwrap().is_dir() {
            true => found.extend(stored(&entry.path())),
            false => found.push(std::fs::read(entry.path()).unwrap()),
        }
    }
    found
}

async fn content(person: &Person<'_>, id: &str, range: Option<&str>) -> (u16, String, Vec<u8>) {
    let path = format!("/files/{id}/content");
    let mut request = person.request(Method::GET, &path);
    if let Some(range) = range {
        request = request.header("Range", range);
    }
    let response = request.send().await.unwrap();
    let status = response.status().as_u16();
    let range = response.headers().get("content-range");
    let range = range.map_or("", |range| range.to_str().unwrap()).to_owned();
    (status, range, response.bytes().await.unwrap().to_vec())
}

#[tokio::test]
async fn a_file_is_served_whole_and_in_ranges() {
    let app = TestApp::start().await;
    let ada = app.admin().await;
    for length in [1, 65_535, 65_536, 65_537, 200_000] {
        let sent = bytes(length, length as u64);
        let file = ada.upload("/files", "Plan für 世界.bin", &sent).await;
        assert_eq!(file.status, 201, "{file:?}");
        let id = file.id();
        assert_eq!(file.header("location"), format!("/api/v1/files/{id}"));
        assert_eq!(file.body["size"], length);
        assert_eq!(
            content(&ada, &id, None).await,
            (200, String::new(), sent.clone())
        );
        for (start, end) in [(0, 1), (1, 65_537), (65_536, 65_537), (65_000, 140_000)] {
            if end > length {
                continue;
            }
            let range = format!("bytes={start}-{}", end - 1);
            let wanted = (
                206,
                format!("bytes {start}-{}/{length}", end - 1),
                sent[start..end].to_vec(),
            );
            assert_eq!(content(&ada, &id, Some(&range)).await, wanted);
        }
        let beyond = format!("bytes={length}-");
        assert_eq!(content(&ada, &id, Some(&beyond)).await.0, 416);
    }
}

#[tokio::test]
async fn served_files_cannot_run_in_a_browser() {
    let app = TestApp::start().await;
    let ada = app.admin().await;
    let page = b"<html><script>alert(1)</script>";
    let id = ada.upload("/files", "../x\\\";.html", page).await.id();
    let answer = ada.get(&format!("/files/{id}/content")).await;
    assert_eq!(answer.header("content-type"), "application/octet-stream");
    assert_eq!(answer.header("x-content-type-options"), "nosniff");
    assert_eq!(
        answer.header("content-security-policy"),
        "sandbox; default-src 'none'"
    );
    assert!(
        answer
            .header("content-disposition")
            .starts_with("attachment; filename="),
        "{answer:?}"
    );
    assert_eq!(
        ada.get(&format!("/files/{id}")).await.body["media_type"],
        "text/html"
    );
}

#[tokio::test]
async fn files_are_stored_encrypted_and_once() {
    let app = TestApp::start().await;
    let ada = app.admin().await;
    let text = "a canary that nobody may find ".repeat(5_000);
    let first = ada.upload("/files", "a.txt", text.as_bytes()).await;
    let again = ada.upload("/files", "a.txt", text.as_bytes()).await;
    assert_eq!((first.status.as_u16(), again.status.as_u16()), (201, 200));
    assert_eq!(first.id(), again.id());
    let found = stored(&app.folder.path().join("files"));
    assert_eq!(found.len(), 1);
    assert!(!found[0].windows(8).any(|part| part == b"a canary"));
    // Another user has a file of their own.
    let bob = app.person("bob").await;
    let other = bob.upload("/files", "a.txt", text.as_bytes()).await;
    assert_eq!(other.status, 201);
    assert_ne!(other.id(), first.id());
}

#[tokio::test]
async fn concurrent_identical_uploads_are_one_file() {
    let app = TestApp::start().await;
    let ada = app.admin().await;
    let sent = bytes(100_000, 1);
    let uploads = (0..6).map(|_| ada.upload("/files", "a.bin", &sent));
    let answers = futures_util::future::join_all(uploads).await;
    let made = answers.iter().filter(|answer| answer.status == 201).count();
    assert_eq!(made, 1, "{answers:?}");
    assert!(answers.iter().all(|answer| answer.id() == answers[0].id()));
    assert_eq!(stored(&app.folder.path().join("files")).len(), 1);
}

#[tokio::test]
async fn an_idempotency_key_repeats_an_upload() {
    let app = TestApp::start().await;
    let ada = app.admin().await;
    let again = |body: &'static [u8]| {
        let request = ada
            .request(Method::POST, "/files")
            .header("Idempotency-Key", "k");
        send(upload(request, "a.txt", body))
    };
    let first = again(b"one").await;
    assert_eq!(again(b"one").await.id(), first.id());
    assert_eq!(again(b"two").await.code(), (422, "idempotency_mismatch"));
    assert_eq!(stored(&app.folder.path().join("files")).len(), 1);
}

/// UP-02: the limit applies during the upload, and nothing is stored.
#[tokio::test]
async fn a_file_that_is_too_large_is_refused_and_not_stored() {
    let app = TestApp::start().await;
    let ada = app.admin().await;
    let limit = usize::try_from(MAX_FILE).unwrap();
    assert_eq!(
        ada.upload("/files", "a", &bytes(limit, 1)).await.status,
        201
    );
    let over = ada.upload("/files", "a", &bytes(limit + 1, 2)).await;
    assert_eq!(over.code(), (413, "too_large"));
    // Without a length, as a chunked body.
    let chunks = futures_util::stream::iter((0..64).map(|n| {
        let head =
            "--frame\r\nContent-Disposition: form-data; name=\"file\"; filename=\"a\"\r\n\r\n";
        let chunk = bytes(65_536, 100 + n);
        Ok::<_, std::io::Error>(if n == 0 {
            head.as_bytes().to_vec()
        } else {
            chunk
        })
    }));
    let endless = ada
        .request(Method::POST, "/files")
        .header("Content-Type", "multipart/form-data; boundary=frame")
        .body(reqwest::Body::wrap_stream(chunks));
    assert_eq!(send(endless).await.code(), (413, "too_large"));
    assert_eq!(stored(&app.folder.path().join("files")).len(), 1);
}

#[tokio::test]
async fn the_quota_limits_files_per_user_and_deleting_frees_it() {
    let app = TestApp::start().await;
    let ada = app.admin().await;
    let limit = usize::try_from(MAX_FILE).unwrap();
    let fitting = FILE_QUOTA / MAX_FILE;
    let mut first = String::new();
    for n in 0..fitting {
        let answer = ada.upload("/files", "a", &bytes(limit, n)).await;
        assert_eq!(answer.status, 201);
        first = answer.id();
    }
    let over = ada.upload("/files", "a", b"x").await;
    assert_eq!(over.code(), (413, "quota_exceeded"));
    // Other users have their own quota.
    let bob = app.person("bob").await;
    assert_eq!(bob.upload("/files", "a", b"x").await.status, 201);
    assert_eq!(ada.delete(&format!("/files/{first}")).await.status, 204);
    assert_eq!(ada.upload("/files", "a", b"x").await.status, 201);
}

#[tokio::test]
async fn deleting_a_file_removes_its_bytes_and_key() {
    let app = TestApp::start().await;
    let ada = app.admin().await;
    let id = ada.upload("/files", "a.txt", b"gone").await.id();
    assert_eq!(ada.delete(&format!("/files/{id}")).await.status, 204);
    for path in [format!("/files/{id}"), format!("/files/{id}/content")] {
        assert_eq!(ada.get(&path).await.status, 404);
    }
    assert!(stored(&app.folder.path().join("files")).is_empty());
    assert!(app.is_erased("file", &id).await);
    // The same bytes can be uploaded again, as another file.
    assert_eq!(ada.upload("/files", "a.txt", b"gone").await.status, 201);
}

#[tokio::test]
async fn malformed_uploads_are_refused() {
    let app = TestApp::start().await;
    let ada = app.admin().await;
    let part = |head: &str, end: &str| {
        format!("--b\r\nContent-Disposition: form-data; {head}\r\n\r\nx\r\n{end}")
    };
    let many = part("name=\"x\"; filename=\"a\"", "").repeat(10_000) + "--b--\r\n";
    let dashes = format!("multipart/form-data; boundary={}", "-".repeat(1_000_000));
    for (kind, body, status, code) in [
        (
            "multipart/form-data; boundary=b",
            String::new(),
            400,
            "malformed_multipart",
        ),
        (
            "multipart/form-data; boundary=b",
            part("name=\"file\"; filename=\"a\"", ""),
            400,
            "malformed_multipart",
        ),
        (
            "multipart/form-data; boundary=b",
            part("name=\"file\"", "--b--\r\n"),
            422,
            "missing",
        ),
        (
            "multipart/form-data; boundary=b",
            part("name=\"other\"; filename=\"a\"", "--b--\r\n"),
            422,
            "unknown_field",
        ),
        (
            "multipart/form-data; boundary=b",
            part("name=\"file\"; filename=\"..\"", "--b--\r\n"),
            422,
            "invalid_name",
        ),
        (
            "multipart/form-data; boundary=b",
            many,
            422,
            "unknown_field",
        ),
        (
            "multipart/form-data",
            part("name=\"file\"; filename=\"a\"", "--b--\r\n"),
            415,
            "",
        ),
        ("application/json", "{}".to_owned(), 415, ""),
        (&dashes, String::new(), 431, ""),
    ] {
        let request = ada
            .request(Method::POST, "/files")
            .header("Content-Type", kind);
        let answer = send(request.body(body)).await;
        let field = answer.body["errors"][0]["code"]
            .as_str()
            .unwrap_or(answer.code().1);
        assert_eq!(answer.status, status, "{kind:.40}: {answer:?}");
        assert!(code.is_empty() || field == code, "{kind:.40}: {answer:?}");
    }
    assert!(stored(&app.folder.path().join("files")).is_empty());
}

#[tokio::test]
async fn a_message_can_only_attach_files_of_its_author() {
    let app = TestApp::start().await;
    let ada = app.admin().await;
    let bob = app.person("bob").await;
    let own = ada.upload("/files", "a.txt", b"one").await.id();
    let others = bob.upload("/files", "a.txt", b"two").await.id();
    let path = format!("/conversations/{}/messages", ada.conversation().await);
    let post = |ids: serde_json::Value, content: &str| {
        ada.post(
            &path,
            json!({"content": content, "attachment_ids": ids, "respond": false}),
        )
    };
    let refused = post(json!([own, others]), "x").await;
    assert_eq!(refused.status, 422);
    assert_eq!(refused.body["errors"][0]["pointer"], "/attachment_ids/1");
    // A message with a file needs no text.
    let posted = post(json!([own, own]), "").await;
    assert_eq!(posted.status, 201, "{posted:?}");
    assert_eq!(posted.body["message"]["attachments"], json!([own]));
    let id = posted.body["message"]["id"].as_str().unwrap();
    let read = ada.get(&format!("/messages/{id}")).await;
    assert_eq!(read.body["attachments"], json!([own]));
    // An edited message keeps its files, unless others are sent.
    let edit = format!("/messages/{id}/edit");
    let kept = ada.post(&edit, json!({"content": "y"})).await;
    assert_eq!(kept.body["message"]["attachments"], json!([own]));
    let none = ada
        .post(&edit, json!({"content": "y", "attachment_ids": []}))
        .await;
    assert_eq!(none.body["message"]["attachments"], json!([]));
}

/// N10: a file keeps its name when the same bytes are uploaded under another one.
#[tokio::test]
async fn the_same_bytes_with_another_name_are_another_file() {
    let app = TestApp::start().await;
    let ada = app.admin().await;
    let bytes = b"# Rules\n\nNo dogs.";
    let draft = ada.upload("/files", "draft.txt", bytes).await;
    let last = ada.upload("/files", "final.md", bytes).await;
    assert_eq!((draft.status.as_u16(), last.status.as_u16()), (201, 201));
    assert_ne!(draft.id(), last.id());
    for (file, name, kind) in [
        (&draft, "draft.txt", "text/plain"),
        (&last, "final.md", "text/markdown"),
    ] {
        let read = ada.get(&format!("/files/{}", file.id())).await;
        assert_eq!(read.body["name"], name);
        assert_eq!(read.body["media_type"], kind);
    }
    // A name with a folder is the same name.
    let again = ada.upload("/files", "folder/draft.txt", bytes).await;
    assert_eq!((again.status.as_u16(), again.id()), (200, draft.id()));
}

#[tokio::test]
async fn empty_files_are_refused() {
    let app = TestApp::start().await;
    let ada = app.admin().await;
    let base = ada
        .post("/knowledge-bases", json!({"name": "Rules"}))
        .await
        .id();
    for path in [
        format!("/knowledge-bases/{base}/documents"),
        "/files".to_owned(),
    ] {
        for name in ["a.txt", "a.pdf", "a"] {
            let refused = ada.upload(&path, name, b"").await;
            assert_eq!(refused.status, 422, "{path} {refused:?}");
            assert_eq!(refused.body["errors"][0]["pointer"], "/file");
            assert_eq!(refused.body["errors"][0]["code"], "empty");
        }
    }
    assert!(stored(&app.folder.path().join("files")).is_empty());
}

#[tokio::test]
async fn files_without_readable_text_cannot_be_attached() {
    let app = TestApp::start().await;
    let ada = app.admin().await;
    let path = format!("/conversations/{}/messages", ada.conversation().await);
    let heic = b"\0\0\0\x18ftypheic\0\0\0\0mif1heic".as_slice();
    let compound = [b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1".as_slice(), &[0; 600]].concat();
    let old: Vec<u8> = "WordDocument"
        .encode_utf16()
        .flat_map(u16::to_le_bytes)
        .collect();
    let old = [compound, old].concat();
    let photo = b"\x89PNG\r\n\x1a\n........";
    let seen = ada.upload("/files", "photo.png", photo).await.id();
    let posted = ada
        .post(
            &path,
            json!({"content": "What is this?", "attachment_ids": [seen], "respond": false}),
        )
        .await;
    assert_eq!(posted.status, 201, "{posted:?}");
    for (name, bytes, word) in [
        ("photo.heic", heic, "image"),
        ("scan.tiff", b"II*\0\x08\0\0\0........", "image"),
        ("letter.doc", &old, "old Office format"),
        ("data.bin", b"\0\x01\x02\x03", "not supported"),
    ] {
        let text = ada.upload("/files", "a.txt", b"one").await.id();
        let file = ada.upload("/files", name, bytes).await.id();
        let posted = ada
            .post(&path, json!({"content": "What is this?", "attachment_ids": [text, file], "respond": false}))
            .await;
        assert_eq!(posted.status, 422, "{posted:?}");
        let error = &posted.body["errors"][0];
        assert_eq!(error["pointer"], "/attachment_ids/1");
        assert_eq!(error["code"], "unreadable_file");
        let detail = error["detail"].as_str().unwrap();
        assert!(detail.contains(name) && detail.contains(word), "{detail}");
    }
}
