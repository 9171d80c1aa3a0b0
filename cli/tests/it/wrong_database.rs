//! A wrong database setting does not create a second installation by mistake.

use crate::program::{Installation, ok, stderr};

#[test]
fn an_empty_external_database_is_refused_if_the_folder_has_a_private_one() {
    let i = Installation::private();
    i.create_admin("correct horse");
    let url = Installation::external().database_url().to_owned();
    let mut list = i.command(&["users", "list"]);
    let refused = list.env("DATABASE_URL", &url).output().unwrap();
    assert_eq!(refused.status.code(), Some(2));
    assert!(
        stderr(&refused).contains("database copy"),
        "{}",
        stderr(&refused)
    );
    // The installation still works, and so does an explicit copy.
    assert!(ok(&i.run(&["users", "list"])).contains("ada@example.org"));
    let mut copy = i.command(&["database", "copy"]);
    ok(&copy.env("CONVOSPHERE_COPY_TO", &url).output().unwrap());
    let mut list = i.command(&["users", "list"]);
    assert!(ok(&list.env("DATABASE_URL", &url).output().unwrap()).contains("ada@example.org"));
}

#[test]
fn a_folder_with_an_external_database_gets_no_private_one() {
    let i = Installation::external();
    i.create_admin("correct horse");
    let mut list = i.command(&["users", "list"]);
    let refused = list.env_remove("DATABASE_URL").output().unwrap();
    assert_eq!(refused.status.code(), Some(2));
    assert!(
        stderr(&refused).contains("DATABASE_URL"),
        "{}",
        stderr(&refused)
    );
    assert!(!i.data_dir().join("postgres").exists());
    ok(&i.run(&["users", "list"]));
}

#[test]
fn a_configuration_file_with_secrets_that_others_can_read_is_refused() {
    use std::os::unix::fs::PermissionsExt;
    let i = Installation::private();
    ok(&i.run(&["config", "set", "meilisearch.key", "SECRET"]));
    ok(&i.run(&["config", "set", "nats.url", "nats://u:SECRET@127.0.0.1"]));
    ok(&i.run(&["config", "check"]));
    assert!(!ok(&i.run(&["config", "show"])).contains("SECRET"));
    assert!(!ok(&i.run(&["config", "show", "--json"])).contains("SECRET"));
    let file = i.data_dir().join("config.toml");
    std::fs::set_permissions(&file, std::fs::Permissions::from_mode(0o644)).unwrap();
    let refused = i.run(&["config", "check"]);
    assert_eq!(refused.status.code(), Some(2));
    let message = stderr(&refused);
    for part in ["meilisearch.key", "nats.url", "644"] {
        assert!(message.contains(part), "{message}");
    }
    assert!(!message.contains("SECRET"));
}
