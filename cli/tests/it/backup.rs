//! Backups through the real program: created under load, restored, refused if damaged, and erased data stays erased.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Output, Stdio};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

use reqwest::Method;
use serde_json::{Value, json};
use sqlx::postgres::PgConnectOptions;
use sqlx::{ConnectOptions, Connection};

use crate::program::{Installation, Server, TIME_LIMIT, ok, stderr};
use crate::site::{Person, Response, Site, wait_for_frame};

/// How often the folder is polled.
const POLL_INTERVAL: Duration = Duration::from_millis(50);

fn installation() -> Installation {
    Installation::external().with("CONVOSPHERE_RATE_LIMIT__ENABLED", "false")
}

/// An installation that was never started.
async fn new_installation() -> Installation {
    tokio::task::spawn_blocking(installation).await.unwrap()
}

/// An installation with an administrator.
async fn installation_with_admin() -> Installation {
    let i = new_installation().await;
    tokio::task::block_in_place(|| i.create_admin("correct horse"));
    i
}

/// An installation with a separate database and the master key of another.
async fn with_key_of(other: &Installation) -> Installation {
    let key = other.data_dir().join("master.key");
    let key = key.to_str().unwrap();
    new_installation()
        .await
        .with("CONVOSPHERE_MASTER_KEY__FILE", key)
}

async fn post(site: &Site, path: &str, body: Value) -> Response {
    site.send(0, Method::POST, path, "", Some(body), &[]).await
}

async fn run(i: &Installation, arguments: &[&str]) -> Output {
    let mut command = i.command(arguments);
    tokio::task::spawn_blocking(move || command.output().unwrap())
        .await
        .unwrap()
}

async fn run_json(i: &Installation, arguments: &[&str]) -> Value {
    let arguments = [arguments, &["--json"]].concat();
    serde_json::from_str(&ok(&run(i, &arguments).await)).unwrap()
}

/// Creates a backup; returns the path of its archive and the output.
async fn back_up(i: &Installation) -> (PathBuf, Value) {
    let backup = run_json(i, &["database", "backup"]).await;
    (PathBuf::from(backup["file"].as_str().unwrap()), backup)
}

async fn restore(i: &Installation, file: &Path, options: &[&str]) -> Output {
    let file = file.to_str().unwrap();
    let arguments = [&["database", "restore", "--file", file][..], options].concat();
    run(i, &arguments).await
}

/// The digests of all read models.
async fn digests(i: &Installation) -> Vec<String> {
    let mut digests = Vec::new();
    let listed = ok(&run(i, &["projections", "list", "--json"]).await);
    for line in listed.lines() {
        let view: Value = serde_json::from_str(line).unwrap();
        let name = view["name"].as_str().unwrap();
        let digest = ok(&run(i, &["projections", "digest", name]).await);
        digests.push(format!("{name} {digest}"));
    }
    assert!(digests.len() > 5, "{digests:?}");
    digests
}

async fn export_log(i: &Installation) -> Vec<String> {
    let text = ok(&run(i, &["events", "export"]).await);
    text.lines().skip(1).map(str::to_owned).collect()
}

async fn serve(i: Installation) -> (Site, Server) {
    let (server, i) = tokio::task::spawn_blocking(move || (i.serve(), i))
        .await
        .unwrap();
    let urls = [server.url.clone(), server.url.clone()];
    (Site::new(i, urls, String::new()), server)
}

/// Registers a person with a file, a conversation about it, and an answer.
async fn register_with_chat<'a>(site: &'a Site, email: &str) -> (Person<'a>, String, String) {
    let body =
        json!({"email": email, "password": "correct horse", "display_name": "Canary Kestrel"});
    let answer = post(site, "auth/register", body).await;
    let person = site.person(&answer);
    let pdf = concat!(
        env!("CARGO_MANIFEST_DIR"),
        "/../testing/documents/handbook.pdf"
    );
    let file = person
        .upload("files", "handbook.pdf", &fs::read(pdf).unwrap())
        .await
        .text("/id");
    let conversation = person.post(0, "conversations", json!({})).await.text("/id");
    let path = format!("conversations/{conversation}/messages");
    let body = json!({"content": "How high is the lantern allowance?", "attachment_ids": [file]});
    let run = person.post(0, &path, body).await.text("/response/id");
    let mut frames = person
        .frames(0, &format!("responses/{run}/stream"), "")
        .await;
    wait_for_frame(&mut frames, "response.completed").await;
    (person, conversation, file)
}

#[tokio::test(flavor = "multi_thread")]
async fn a_backup_created_under_load_restores_the_same_installation() {
    let (site, server) = Site::with_one_server(installation, String::new()).await;
    let (bob, conversation, file) = register_with_chat(&site, "bob@example.org").await;
    let messages = format!("conversations/{conversation}/messages");
    let items = bob.get(0, &messages).await.body["items"].clone();
    let content = format!("files/{file}/content");
    let bytes = bob.bytes(0, &content).await;

    // Under load, the backup contains the log up to one position, byte for byte.
    let enough = Arc::new(AtomicBool::new(false));
    let writing = async {
        let mut written = 0;
        while !enough.load(Ordering::Relaxed) {
            let made = bob.post(0, "conversations", json!({"title": "x"})).await;
            assert_eq!(made.status, 201);
            written += 1;
        }
        written
    };
    let backing_up = async {
        let backup = back_up(&site.installation).await;
        enough.store(true, Ordering::Relaxed);
        backup
    };
    let (written, (archive, backup)) = tokio::join!(writing, backing_up);
    assert!(written > 0);
    let position = usize::try_from(backup["position"].as_i64().unwrap()).unwrap();
    let restored = with_key_of(&site.installation).await;
    ok(&restore(&restored, &archive, &[]).await);
    let log = export_log(&site.installation).await;
    assert_eq!(export_log(&restored).await, log[..position]);
    ok(&run(&restored, &["events", "verify"]).await);

    // At rest, the backup restores all read models, files and accounts, but no sessions.
    let (archive, _) = back_up(&site.installation).await;
    let live = digests(&site.installation).await;
    let old_session = bob.refresh.clone();
    drop(tokio::task::spawn_blocking(move || server.stop()).await);
    let copy = with_key_of(&site.installation).await;
    ok(&restore(&copy, &archive, &[]).await);
    assert_eq!(digests(&copy).await, live);
    let (site, server) = serve(copy).await;
    let refresh = json!({"refresh_token": old_session});
    let refused = post(&site, "auth/refresh", refresh).await;
    assert_eq!(refused.status, 401, "{refused:?}");
    let bob = site.log_in("bob@example.org").await;
    assert_eq!(bob.get(0, &messages).await.body["items"], items);
    assert_eq!(bob.bytes(0, &content).await, bytes);
    // The data of a running server is not replaced.
    let refused = restore(&site.installation, &archive, &["--replace"]).await;
    assert_eq!(refused.status.code(), Some(5), "{}", stderr(&refused));
    let next = bob.post(0, &messages, json!({"content": "And now?"})).await;
    assert_eq!(next.status, 201);
    drop(tokio::task::spawn_blocking(move || server.stop()).await);
}

#[tokio::test(flavor = "multi_thread")]
async fn data_erased_after_the_backup_stays_erased() {
    let (site, server) = Site::with_one_server(installation, String::new()).await;
    let (_, kept, _) = register_with_chat(&site, "bob@example.org").await;
    let (eve, gone, file) = register_with_chat(&site, "eve@example.org").await;
    let ada = site.log_in("ada@example.org").await;
    let group = ada.post(0, "groups", json!({"name": "Keepers"})).await;
    let group = group.text("/id");
    let (archive, _) = back_up(&site.installation).await;
    let path = format!("groups/{group}");
    let deleted = ada.send(0, Method::DELETE, &path, Value::Null).await;
    assert_eq!(deleted.status, 204);
    let path = format!("users/{}", eve.id);
    let erased = ada.send(0, Method::DELETE, &path, Value::Null).await;
    ada.wait_until(0, &format!("jobs/{}", erased.text("/id")), |job| {
        job["status"] == "completed"
    })
    .await;
    drop(tokio::task::spawn_blocking(move || server.stop()).await);

    // The existing log, which contains the deletions, is replaced.
    let refused = restore(&site.installation, &archive, &[]).await;
    assert_eq!(refused.status.code(), Some(5), "{}", stderr(&refused));
    ok(&restore(&site.installation, &archive, &["--replace"]).await);
    ok(&run(&site.installation, &["events", "verify"]).await);
    let log = export_log(&site.installation).await;
    let event = |name: &str, id: &str| {
        let event_type = format!("\"event_type\":\"{name}\"");
        log.iter()
            .any(|line| line.contains(&event_type) && line.contains(id))
    };
    assert!(event("user_erased", &eve.id));
    assert!(event("conversation_erased", &gone));
    assert!(!event("conversation_erased", &kept));
    assert!(event("file_deleted", &file));
    assert!(event("group_deleted", &group));
    let stored = site.installation.data_dir().join("files").join(&file[34..]);
    assert!(!stored.join(&file).exists());
    let (site, server) = serve(site.installation).await;
    let credentials = json!({"email": "eve@example.org", "password": "correct horse"});
    let refused = post(&site, "auth/login", credentials).await;
    assert_eq!(refused.status, 401);
    let bob = site.log_in("bob@example.org").await;
    let answer = bob.get(0, &format!("conversations/{kept}/messages")).await;
    assert!(answer.body.to_string().contains("forty euros"));
    drop(tokio::task::spawn_blocking(move || server.stop()).await);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_damaged_backup_is_refused_and_nothing_changes() {
    let i = installation_with_admin().await;
    let (archive, backup) = back_up(&i).await;
    let verified = run_json(&i, &["database", "verify", archive.to_str().unwrap()]).await;
    assert_eq!(verified["hash"], backup["hash"]);
    let before = export_log(&i).await;
    let complete = fs::read(&archive).unwrap();
    for (bytes, reason) in [
        (complete[..complete.len() - 1].to_vec(), "damaged"),
        (complete[..complete.len() / 2].to_vec(), "damaged"),
        (flip_bit(&complete, complete.len() / 2), "damaged"),
        (b"PK\x03\x04".to_vec(), "not a ConvoSphere backup"),
    ] {
        fs::write(&archive, bytes).unwrap();
        let refused = restore(&i, &archive, &["--replace"]).await;
        assert!(!refused.status.success());
        assert!(stderr(&refused).contains(reason), "{}", stderr(&refused));
    }
    fs::write(&archive, &complete).unwrap();
    assert_eq!(export_log(&i).await, before);

    // With another master key, or none.
    let other = installation_with_admin().await;
    let refused = restore(&other, &archive, &["--replace"]).await;
    assert!(
        stderr(&refused).contains("master key"),
        "{}",
        stderr(&refused)
    );
    assert_eq!(refused.status.code(), Some(2));
    let without_key = new_installation().await;
    let refused = restore(&without_key, &archive, &[]).await;
    assert!(
        stderr(&refused).contains("is missing"),
        "{}",
        stderr(&refused)
    );
    let refused = run(&i, &["database", "verify", "/nowhere.backup"]).await;
    assert!(
        stderr(&refused).contains("cannot read"),
        "{}",
        stderr(&refused)
    );
}

/// A restore that is killed while it writes the log leaves no trace, and the next one succeeds.
#[tokio::test(flavor = "multi_thread")]
async fn a_killed_restore_changes_nothing() {
    let (site, server) = Site::with_one_server(installation, String::new()).await;
    let ada = site.log_in("ada@example.org").await;
    let conversation = ada.post(0, "conversations", json!({})).await.text("/id");
    let path = format!("conversations/{conversation}/messages");
    for n in 0..100 {
        let content = format!("{n} {}", "kestrel ".repeat(100));
        let body = json!({"content": content, "respond": false});
        assert_eq!(ada.post(0, &path, body).await.status, 201);
    }
    let (archive, backup) = back_up(&site.installation).await;
    drop(tokio::task::spawn_blocking(move || server.stop()).await);
    let target = with_key_of(&site.installation).await;
    ok(&run(&target, &["database", "migrate"]).await);
    let before = run_json(&target, &["database", "status"]).await;
    // A trigger delays the last write: by then the log is written but not committed.
    let options: PgConnectOptions = target.database_url().parse().unwrap();
    let database = options.get_database().unwrap();
    let execute = async |statement: &str| {
        let mut connection = options.connect().await.unwrap();
        sqlx::raw_sql(statement)
            .execute(&mut connection)
            .await
            .unwrap();
        connection.close().await.unwrap();
    };
    execute(
        "create function linger() returns trigger language plpgsql as
             $$ begin perform pg_sleep(600); return null; end $$;
         create trigger linger before insert on jobs for each statement execute function linger()",
    )
    .await;
    let arguments = ["database", "restore", "--replace", "--file"];
    let arguments = [&arguments[..], &[archive.to_str().unwrap()]].concat();
    let mut command = target.command(&arguments);
    let mut restoring = command.stderr(Stdio::null()).spawn().unwrap();
    // A restore refuses other connections to its database: watch it from another one.
    let mut observer = options
        .clone()
        .database("postgres")
        .connect()
        .await
        .unwrap();
    let sleeping: i32 = loop {
        let found = sqlx::query_scalar(
            "select pid from pg_stat_activity where datname = $1 and wait_event = 'PgSleep'",
        );
        let found = found.bind(database).fetch_optional(&mut observer).await;
        if let Some(pid) = found.unwrap() {
            break pid;
        }
        let ended = restoring.try_wait().unwrap();
        assert!(ended.is_none(), "it ended before its last write: {ended:?}");
    };
    restoring.kill().unwrap();
    restoring.wait().unwrap();
    // Its database session would go on sleeping.
    sqlx::query("select pg_terminate_backend($1, 10000)")
        .bind(sleeping)
        .execute(&mut observer)
        .await
        .unwrap();
    assert_eq!(run_json(&target, &["database", "status"]).await, before);
    execute("drop function linger() cascade").await;
    ok(&restore(&target, &archive, &["--replace"]).await);
    let after = run_json(&target, &["database", "status"]).await;
    assert_eq!(after["log_id"], backup["log_id"]);
    ok(&run(&target, &["events", "verify"]).await);
    let restored = export_log(&target).await;
    let original = export_log(&site.installation).await;
    assert_eq!(restored[..original.len()], original);
}

fn flip_bit(bytes: &[u8], at: usize) -> Vec<u8> {
    let mut bytes = bytes.to_vec();
    bytes[at] ^= 1;
    bytes
}

#[tokio::test(flavor = "multi_thread")]
async fn the_private_database_can_be_copied_to_an_external_one() {
    let private = Installation::private().with("CONVOSPHERE_RATE_LIMIT__ENABLED", "false");
    let private = tokio::task::spawn_blocking(move || {
        private.create_admin("correct horse");
        private
    })
    .await
    .unwrap();
    let (site, server) = serve(private).await;
    let (bob, conversation, _) = register_with_chat(&site, "bob@example.org").await;
    let session = bob.refresh.clone();
    let url = testing::database_url().await;
    let refused = run(&site.installation, &["database", "copy", "--to", &url]).await;
    assert_eq!(refused.status.code(), Some(5), "{}", stderr(&refused));
    drop(tokio::task::spawn_blocking(move || server.stop()).await);

    let log = export_log(&site.installation).await;
    let digests_before = digests(&site.installation).await;
    ok(&run(&site.installation, &["database", "copy", "--to", &url]).await);
    let again = run(&site.installation, &["database", "copy", "--to", &url]).await;
    assert_eq!(again.status.code(), Some(5), "{}", stderr(&again));
    let copied = site.installation.with("DATABASE_URL", &url);
    assert_eq!(export_log(&copied).await, log);
    assert_eq!(digests(&copied).await, digests_before);
    ok(&run(&copied, &["events", "verify"]).await);
    let (site, server) = serve(copied).await;
    // Sessions stay valid.
    let refresh = json!({"refresh_token": session});
    let answer = post(&site, "auth/refresh", refresh).await;
    let bob = site.person(&answer);
    let path = format!("conversations/{conversation}/messages");
    let answer = bob.get(0, &path).await;
    assert!(
        answer.body.to_string().contains("forty euros"),
        "{answer:?}"
    );
    drop(tokio::task::spawn_blocking(move || server.stop()).await);
}

#[tokio::test(flavor = "multi_thread")]
async fn backups_are_scheduled_and_tombstones_are_written() {
    let hourly = || installation().with("CONVOSPHERE_BACKUP__EVERY_HOURS", "1");
    let (site, server) = Site::with_one_server(hourly, String::new()).await;
    let folder = site.installation.data_dir().join("backups");
    let wait_for = async |extension: &str| {
        let started = Instant::now();
        loop {
            let entries = fs::read_dir(&folder).into_iter().flatten().flatten();
            let mut paths = entries.map(|entry| entry.path());
            if let Some(found) = paths.find(|path| path.extension().is_some_and(|e| e == extension))
            {
                return found;
            }
            assert!(started.elapsed() < TIME_LIMIT, "no .{extension}");
            tokio::time::sleep(POLL_INTERVAL).await;
        }
    };
    let archive = wait_for("backup").await;
    let (eve, _, _) = register_with_chat(&site, "eve@example.org").await;
    let ada = site.log_in("ada@example.org").await;
    let path = format!("users/{}", eve.id);
    ada.send(0, Method::DELETE, &path, Value::Null).await;
    wait_for("tombstones").await;
    drop(tokio::task::spawn_blocking(move || server.stop()).await);
    // Both can be restored.
    let copy = with_key_of(&site.installation).await;
    ok(&restore(&copy, &archive, &[]).await);
    let doctor = ok(&run(&site.installation, &["doctor"]).await);
    assert!(doctor.contains("backups       the newest in"), "{doctor}");
}
