//! An installation that somebody looks for in the wrong place is not begun a second time.

use crate::program::{Installation, ok, talk};

#[test]
fn an_installation_is_not_begun_anew_in_another_database_by_mistake() {
    let here = Installation::private();
    here.create_admin("correct horse");
    let url = Installation::external().database_url().to_owned();
    let mut elsewhere = here.command(&["users", "list"]);
    let refused = elsewhere.env("DATABASE_URL", &url).output().unwrap();
    assert_eq!(refused.status.code(), Some(2));
    assert!(
        talk(&refused).contains("database copy"),
        "{}",
        talk(&refused)
    );
    // It is where it was; and what is moved on purpose is found there.
    assert!(ok(&here.run(&["users", "list"])).contains("ada@example.org"));
    let mut copy = here.command(&["database", "copy"]);
    ok(&copy.env("CONVOSPHERE_COPY_TO", &url).output().unwrap());
    let mut moved = here.command(&["users", "list"]);
    assert!(ok(&moved.env("DATABASE_URL", &url).output().unwrap()).contains("ada@example.org"));
}

#[test]
fn a_folder_whose_database_is_elsewhere_gets_none_of_its_own() {
    let there = Installation::external();
    there.create_admin("correct horse");
    let mut forgotten = there.command(&["users", "list"]);
    let refused = forgotten.env_remove("DATABASE_URL").output().unwrap();
    assert_eq!(refused.status.code(), Some(2));
    assert!(
        talk(&refused).contains("DATABASE_URL"),
        "{}",
        talk(&refused)
    );
    assert!(!there.data_dir().join("postgres").exists());
    ok(&there.run(&["users", "list"]));
}

#[test]
fn a_secret_in_a_file_that_others_may_read_is_a_fault() {
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
    let said = talk(&refused);
    assert!(
        said.contains("meilisearch.key") && said.contains("nats.url") && said.contains("644"),
        "{said}"
    );
    assert!(!said.contains("SECRET"));
}
