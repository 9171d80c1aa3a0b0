//! Files in an S3 bucket through the real program: multipart uploads, ranges, documents, backups, deletion, and outages of
//! the bucket.

use std::sync::Arc;

use reqwest::{Client, Method};
use serde_json::{Value, json};
use testing::s3::S3;

use crate::program::{Installation, Server, ok};
use crate::site::{Person, Site};

async fn site(s3: &Arc<S3>) -> (Site, Server) {
    let s3 = s3.clone();
    let installation = move || {
        let plain = Installation::external().with("CONVOSPHERE_RATE_LIMIT__ENABLED", "false");
        let variables = s3.variables();
        variables
            .iter()
            .fold(plain, |i, (name, value)| i.with(name, value))
    };
    Site::with_one_server(installation, String::new()).await
}

/// The keys of all objects.
async fn objects(s3: &S3) -> Vec<String> {
    let http = Client::builder().no_proxy().build().unwrap();
    let list = http.get(format!("{}/convosphere?list-type=2", s3.url));
    let list = list.send().await.unwrap().text().await.unwrap();
    let keys = list.split("<Key>").skip(1);
    keys.map(|rest| rest.split('<').next().unwrap().to_owned())
        .collect()
}

/// A range of bytes of a file.
async fn range(server: &Server, ada: &Person<'_>, path: &str, range: &str) -> Vec<u8> {
    let http = Client::builder().no_proxy().build().unwrap();
    let request = http.get(format!("{}/api/v1/{path}", server.url));
    let request = request.bearer_auth(&ada.access).header("Range", range);
    let answer = request.send().await.unwrap();
    assert_eq!(answer.status(), 206);
    answer.bytes().await.unwrap().to_vec()
}

async fn delete(ada: &Person<'_>, path: &str) {
    ada.send(0, Method::DELETE, path, Value::Null).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn files_are_encrypted_in_the_bucket_and_deleted_with_their_objects() {
    let s3 = Arc::new(S3::start());
    let (site, server) = site(&s3).await;
    let ada = site.log_in("ada@example.org").await;
    // Larger than one part of a multipart upload.
    let text: Vec<u8> = (0..1_200_000)
        .flat_map(|n| format!("{n:09} ").into_bytes())
        .collect();
    let file = ada.upload("files", "numbers.txt", &text).await.text("/id");
    assert_eq!(objects(&s3).await.len(), 1);
    let content = format!("files/{file}/content");
    assert_eq!(ada.bytes(0, &content).await, text);
    let part = range(&server, &ada, &content, "bytes=6000000-6000099").await;
    assert_eq!(part, text[6_000_000..6_000_100]);
    // The stored object is encrypted.
    let http = Client::builder().no_proxy().build().unwrap();
    let key = objects(&s3).await.remove(0);
    let stored = http
        .get(format!("{}/convosphere/{key}", s3.url))
        .send()
        .await
        .unwrap();
    let stored = stored.bytes().await.unwrap();
    assert!(stored.starts_with(b"CSF1"));
    assert!(!stored.windows(10).any(|window| window == b"000000042 "));

    // A document can be processed from the bucket.
    let base = ada
        .post(0, "knowledge-bases", json!({"name": "Tower"}))
        .await
        .text("/id");
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/../testing/documents");
    let handbook = std::fs::read(format!("{folder}/handbook.pdf")).unwrap();
    let path = format!("knowledge-bases/{base}/documents");
    let document = ada
        .upload(&path, "handbook.pdf", &handbook)
        .await
        .text("/id");
    ada.wait_until(0, &format!("documents/{document}"), |document| {
        document["status"] == "ready"
    })
    .await;

    // A backup contains the encrypted contents and restores them to an empty bucket.
    tokio::task::block_in_place(|| ok(&site.installation.run(&["database", "backup"])));
    server.kill();
    for key in objects(&s3).await {
        http.delete(format!("{}/convosphere/{key}", s3.url))
            .send()
            .await
            .unwrap();
    }
    assert!(objects(&s3).await.is_empty());
    let backups = std::fs::read_dir(site.installation.data_dir().join("backups")).unwrap();
    let archive = backups.flatten().map(|entry| entry.path());
    let archive = archive.filter(|path| path.extension().is_some_and(|end| end == "backup"));
    let archive = archive.max().unwrap();
    let restore = [
        "database",
        "restore",
        "--replace",
        "--file",
        archive.to_str().unwrap(),
    ];
    tokio::task::block_in_place(|| ok(&site.installation.run(&restore)));
    let mut site = site;
    let server = tokio::task::block_in_place(|| site.installation.serve());
    site.set_url(&server.url);
    let ada = site.log_in("ada@example.org").await;
    assert_eq!(ada.bytes(0, &content).await, text);

    delete(&ada, &format!("documents/{document}")).await;
    delete(&ada, &format!("files/{file}")).await;
    assert_eq!(objects(&s3).await, Vec::<String>::new());

    // While the bucket is unavailable, uploads are refused and leave nothing, and everything else works.
    drop(s3);
    let refused = ada.upload("files", "late.txt", b"Too late.").await;
    assert_eq!(refused.status, 503, "{refused:?}");
    assert_eq!(ada.get(0, "files").await.body["items"], json!([]));
    ada.post(0, "conversations", json!({})).await;
}
