use crate::program::{Installation, ok, processes, talk};

const QUESTION: &str = "Where does my data lie?";

#[test]
fn a_chat_without_a_server_works_from_nothing_and_leaves_nothing_running() {
    let installation = Installation::private();
    let answer = installation.run(&["chat", QUESTION]);
    assert!(ok(&answer).contains("All data lies in one folder"));
    assert!(talk(&answer).contains("/manual/getting-started#where-your-data-lies"));
    assert_eq!(
        processes(&installation.data_dir()),
        0,
        "the private cluster has stopped"
    );
    // The same again, on what the first one made.
    assert!(ok(&installation.run(&["chat", QUESTION])).contains("All data lies"));
    assert!(ok(&installation.run(&["events", "verify"])).contains("events in order"));
}

#[test]
fn a_chat_talks_to_the_running_server_and_set_up_takes_the_local_user_over() {
    let installation = Installation::external();
    let server = installation.serve();
    assert!(ok(&installation.run(&["chat", QUESTION])).contains("All data lies"));
    let users = ok(&installation.run(&["users", "list", "--json"]));
    assert!(
        users.contains("\"email\":null") && users.lines().count() == 1,
        "{users}"
    );

    let token = server
        .said()
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
        ok(&installation.run(&["chat", QUESTION])).contains("All data lies"),
        "the only administrator"
    );
}

#[test]
fn a_dialogue_reads_the_question_from_standard_input() {
    let installation = Installation::external();
    let answer = installation.run_with_input(&["chat", "-"], "What roles are there?\n");
    assert!(ok(&answer).contains("There are four roles"));
}

#[test]
fn an_unknown_model_or_conversation_is_said_plainly() {
    let installation = Installation::external();
    let model = installation.run(&["chat", "x", "--model", "nobody/nothing"]);
    assert_eq!(model.status.code(), Some(2));
    assert!(talk(&model).contains("no such model"), "{}", talk(&model));
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
async fn several_chats_without_a_server_leave_each_other_alone() {
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
    provider.held().await;
    // The second one starts while the first one answers.
    let second = chat();
    provider.held().await;
    // And so does a server.
    let server = tokio::task::block_in_place(|| installation.serve());
    provider.release();
    provider.release();
    for chat in [first, second] {
        let output = tokio::task::block_in_place(|| chat.wait_with_output()).unwrap();
        assert!(ok(&output).contains("t38 t39"));
    }
    assert_eq!(provider.calls(), 2, "each question was asked once");
    drop(server);
}
