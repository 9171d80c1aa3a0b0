use crate::program::{Installation, ok, processes, stderr};

const QUESTION: &str = "Where is my data stored?";

#[test]
fn a_chat_without_a_server_creates_an_installation_and_leaves_nothing_running() {
    let installation = Installation::private();
    let answer = installation.run(&["chat", QUESTION]);
    assert!(ok(&answer).contains("All data is stored in one folder"));
    assert!(stderr(&answer).contains("/manual/getting-started#where-your-data-is-stored"));
    assert_eq!(
        processes(&installation.data_dir()),
        0,
        "the private cluster has stopped"
    );
    // A second chat uses the existing installation.
    assert!(ok(&installation.run(&["chat", QUESTION])).contains("All data is stored"));
    assert!(ok(&installation.run(&["events", "verify"])).contains("events in order"));
}

#[test]
fn a_chat_uses_the_running_server_and_set_up_converts_the_local_user() {
    let installation = Installation::external();
    let server = installation.serve();
    assert!(ok(&installation.run(&["chat", QUESTION])).contains("All data is stored"));
    let users = ok(&installation.run(&["users", "list", "--json"]));
    assert!(
        users.contains("\"email\":null") && users.lines().count() == 1,
        "{users}"
    );

    let token = server
        .output()
        .split("#token=")
        .nth(1)
        .unwrap()
        .split_whitespace()
        .next()
        .unwrap()
        .to_owned();
    let body = serde_json::json!({
        "token": token, "email": "ada@example.org", "password": "correct horse", "display_name": "Ada",
    });
    let runtime = tokio::runtime::Runtime::new().unwrap();
    let answer = runtime.block_on(async {
        let http = reqwest::Client::builder().no_proxy().build().unwrap();
        http.post(format!("{}/api/v1/setup", server.url))
            .json(&body)
            .send()
            .await
            .unwrap()
    });
    assert_eq!(answer.status(), 200);
    let users = ok(&installation.run(&["users", "list", "--json"]));
    assert!(
        users.contains("ada@example.org") && users.lines().count() == 1,
        "{users}"
    );
    assert!(
        ok(&installation.run(&["chat", QUESTION])).contains("All data is stored"),
        "the only administrator"
    );
}

#[test]
fn a_chat_reads_the_question_from_standard_input() {
    let installation = Installation::external();
    let answer = installation.run_with_input(&["chat", "-"], "What roles are there?\n");
    assert!(ok(&answer).contains("There are four roles"));
}

#[test]
fn an_unknown_model_or_conversation_is_reported() {
    let installation = Installation::external();
    let model = installation.run(&["chat", "x", "--model", "nobody/nothing"]);
    assert_eq!(model.status.code(), Some(2));
    assert!(
        stderr(&model).contains("this model does not exist"),
        "{}",
        stderr(&model)
    );
    let conversation = installation.run(&[
        "chat",
        "x",
        "--conversation",
        "00000000-0000-0000-0000-000000000000",
    ]);
    assert_eq!(conversation.status.code(), Some(3));
    let person = installation.run(&["chat", "x", "--as", "nobody@example.org"]);
    assert_eq!(person.status.code(), Some(3));
}

#[tokio::test(flavor = "multi_thread")]
async fn concurrent_chats_without_a_server_do_not_interfere() {
    let provider = testing::provider::Provider::start().await;
    let installation = tokio::task::spawn_blocking(Installation::private)
        .await
        .unwrap();
    tokio::task::block_in_place(|| {
        installation.create_admin("correct horse");
        let base_url = provider.base_url();
        let add = [
            "providers",
            "add",
            "local",
            "--base-url",
            &base_url,
            "--api-key-stdin",
        ];
        ok(&installation.run_with_input(&add, testing::provider::KEY));
    });
    let chat = || {
        let mut command = installation.command(&["chat", "Count.", "--model", "local/held-40"]);
        command
            .stdout(std::process::Stdio::piped())
            .stderr(std::process::Stdio::piped());
        command.spawn().unwrap()
    };
    let first = chat();
    provider.wait_until_held().await;
    // The second chat starts while the first one is answering.
    let second = chat();
    provider.wait_until_held().await;
    // A server starts as well.
    let server = tokio::task::block_in_place(|| installation.serve());
    provider.release();
    provider.release();
    for chat in [first, second] {
        let output = tokio::task::block_in_place(|| chat.wait_with_output()).unwrap();
        assert!(ok(&output).contains("t38 t39"));
    }
    assert_eq!(provider.calls(), 2, "each question is sent once");
    drop(server);
}
