//! Files attached to messages through the real program: models receive their text until they are deleted.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use reqwest::Method;
use serde_json::{Value, json};
use testing::provider::{KEY, Provider};

use crate::program::{Installation, ok};
use crate::site::{Person, Site, wait_for_frame};

async fn site(provider: &Provider) -> (Site, crate::program::Server) {
    let base_url = provider.base_url();
    let installation = move || {
        let installation =
            Installation::external().with("CONVOSPHERE_RATE_LIMIT__ENABLED", "false");
        let add = ["providers", "add", "local", "--base-url", &base_url];
        let add = [&add[..], &["--api-key-stdin"]].concat();
        ok(&installation.run_with_input(&add, KEY));
        installation
    };
    Site::with_one_server(installation, String::new()).await
}

async fn upload(ada: &Person<'_>, name: &str) -> String {
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/../testing/documents");
    let bytes = std::fs::read(format!("{folder}/{name}")).unwrap();
    let name = name.rsplit('/').next().unwrap();
    ada.upload("files", name, &bytes).await.text("/id")
}

/// Posts a question with files; returns the run and the answer.
async fn ask(
    ada: &Person<'_>,
    conversation: &str,
    content: &str,
    model: &str,
    files: &[&str],
) -> (String, String) {
    let body = json!({"content": content, "model": model, "attachment_ids": files});
    let path = format!("conversations/{conversation}/messages");
    let posted = ada.post(0, &path, body).await;
    let run = posted.text("/response/id");
    let mut frames = ada.frames(0, &format!("responses/{run}/stream"), "").await;
    let (_, _, end) = wait_for_frame(&mut frames, "response.completed").await;
    let answer = end["message"]["content"].as_str().unwrap().to_owned();
    (run, answer)
}

/// The last message of the prompt.
async fn last_prompt_message(ada: &Person<'_>, run: &str) -> String {
    let prompt = ada.get(0, &format!("responses/{run}/prompt")).await;
    let messages = prompt.body["messages"].as_array().unwrap().clone();
    messages.last().unwrap()["content"]
        .as_str()
        .unwrap()
        .to_owned()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_model_receives_the_contents_of_attached_files() {
    let provider = Provider::start().await;
    let (site, _server) = site(&provider).await;
    let ada = site.log_in("ada@example.org").await;
    let conversation = ada.post(0, "conversations", json!({})).await.text("/id");
    let handbook = upload(&ada, "handbook.pdf").await;
    let locked = upload(&ada, "hostile/locked.pdf").await;

    // The built-in guide quotes the page without any network.
    let question = "How high is the lantern allowance?";
    let (run, answer) = ask(&ada, &conversation, question, "builtin/guide", &[&handbook]).await;
    assert!(
        answer.contains("handbook.pdf, page 3") && answer.contains("forty euros"),
        "{answer}"
    );
    assert!(
        last_prompt_message(&ada, &run)
            .await
            .contains("forty euros")
    );

    // A provider receives the same text; for an unreadable file it contains the reason.
    let files = [handbook.as_str(), locked.as_str()];
    let (run, _) = ask(&ada, &conversation, "And this?", "local/echo-50-0", &files).await;
    let sent = provider.last()["messages"].clone();
    let last = sent.as_array().unwrap().last().unwrap()["content"].clone();
    let prompt = last_prompt_message(&ada, &run).await;
    assert_eq!(last, Value::from(prompt.as_str()));
    assert!(
        prompt.contains("[page 3]") && prompt.contains("forty euros"),
        "{prompt}"
    );
    assert!(
        prompt.contains("locked.pdf") && prompt.contains("password"),
        "{prompt}"
    );
    assert!(prompt.ends_with("And this?"), "{prompt}");

    // A later question can refer to the files of an earlier one; a message can consist of files only.
    let (_, answer) = ask(
        &ada,
        &conversation,
        "When is a certificate due for the sick?",
        "builtin/guide",
        &[],
    )
    .await;
    assert!(answer.contains("fourth day"), "{answer}");
    let (_, answer) = ask(&ada, &conversation, "", "builtin/guide", &[&handbook]).await;
    assert!(answer.contains("handbook.pdf"), "{answer}");

    // The text of a deleted file is no longer in the prompt.
    let delete = format!("files/{handbook}");
    let deleted = ada.send(0, Method::DELETE, &delete, Value::Null).await;
    assert_eq!(deleted.status, 204, "{deleted:?}");
    let prompt = last_prompt_message(&ada, &run).await;
    assert!(
        prompt.contains("[erased]") && !prompt.contains("forty euros"),
        "{prompt}"
    );
    let (_, answer) = ask(&ada, &conversation, question, "builtin/guide", &[]).await;
    assert!(!answer.contains("forty euros"), "{answer}");
    let files = site.installation.data_dir().join("files");
    let left = walk(&files)
        .into_iter()
        .filter(|name| name.contains(&handbook))
        .count();
    assert_eq!(left, 0);
}

/// Names of all files below a folder.
fn walk(folder: &std::path::Path) -> Vec<String> {
    let mut names = Vec::new();
    for entry in std::fs::read_dir(folder).unwrap().flatten() {
        match entry.file_type().unwrap().is_dir() {
            true => names.extend(walk(&entry.path())),
            false => names.push(entry.file_name().into_string().unwrap()),
        }
    }
    names
}

#[tokio::test(flavor = "multi_thread")]
async fn models_that_see_receive_images_and_others_are_told() {
    const PNG: &[u8] = b"\x89PNG\r\n\x1a\nnot really one";
    let provider = Provider::start().await;
    let (site, _server) = site(&provider).await;
    let ada = site.log_in("ada@example.org").await;
    let conversation = ada
        .post(0, "conversations", json!({"title": "Towers"}))
        .await
        .text("/id");
    let photo = ada.upload("files", "tower.png", PNG).await.text("/id");
    let url = format!("data:image/png;base64,{}", STANDARD.encode(PNG));
    let last = || {
        let sent = provider.last();
        sent["messages"].as_array().unwrap().last().unwrap()["content"].clone()
    };

    let (run, _) = ask(
        &ada,
        &conversation,
        "Which tower?",
        "local/echo-1-0",
        &[&photo],
    )
    .await;
    let prompt = last_prompt_message(&ada, &run).await;
    assert!(prompt.contains("tower.png") && prompt.ends_with("Which tower?"));
    let parts = json!([
        {"type": "text", "text": prompt}, {"type": "image_url", "image_url": {"url": url}},
    ]);
    assert_eq!(last(), parts);

    // A server that rejects images gets the question without them, and may be asked again.
    for question in ["And now?", "And again?"] {
        let model = "local/blind";
        let (_, answer) = ask(&ada, &conversation, question, model, &[&photo]).await;
        assert!(!answer.is_empty());
        let sent = last();
        let sent = sent.as_str().unwrap();
        assert!(
            sent.contains("tower.png\n(Not available: you cannot see images"),
            "{sent}"
        );
    }

    // Once the file is deleted, no prompt has it.
    let delete = format!("files/{photo}");
    ada.send(0, Method::DELETE, &delete, Value::Null).await;
    ask(&ada, &conversation, "And then?", "local/echo-1-0", &[]).await;
    assert!(!provider.last().to_string().contains("image_url"));
}
