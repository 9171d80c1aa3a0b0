//! Backups through the real program: made under load, restored elsewhere, refused where they are not whole, and what
//! was erased since stays erased.

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

use crate::program::{Installation, PATIENCE, Server, ok, talk};
use crate::site::{Answer, Person, Site, until};

/// How often the folder is looked at.
const LOOK: Duration = Duration::from_millis(50);

fn installation() -> Installation {
    Installation::external().with("CONVOSPHERE_RATE_LIMIT__ENABLED", "false")
}

/// One that was never started.
async fn bare() -> Installation {
    tokio::task::spawn_blocking(installation).await.unwrap()
}

/// One with an administrator.
async fn used() -> Installation {
    let i = bare().await;
    tokio::task::block_in_place(|| i.create_admin("correct horse"));
    i
}

/// An installation on a database of its own, with the master key of another.
async fn elsewhere(of: &Installation) -> Installation {
    let key = of.data_dir().join("master.key");
    let key = key.to_str().unwrap();
    bare().await.with("CONVOSPHERE_MASTER_KEY__FILE", key)
}

async fn post(site: &Site, path: &str, body: Value) -> Answer {
    site.send(0, Method::POST, path, "", Some(body), &[]).await
}

async fn run(i: &Installation, arguments: &[&str]) -> Output {
    let mut command = i.command(arguments);
    tokio::task::spawn_blocking(move || command.output().unwrap())
        .await
        .unwrap()
}

async fn told(i: &Installation, arguments: &[&str]) -> Value {
    let arguments = [arguments, &["--json"]].concat();
    serde_json::from_str(&ok(&run(i, &arguments).await)).unwrap()
}

/// Makes a backup, and tells the path of its archive.
async fn back_up(i: &Installation) -> (PathBuf, Value) {
    let made = told(i, &["database", "backup"]).await;
    (PathBuf::from(made["file"].as_str().unwrap()), made)
}

async fn restore(i: &Installation, file: &Path, more: &[&str]) -> Output {
    let file = file.to_str().unwrap();
    let arguments = [&["database", "restore", "--file", file][..], more].concat();
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

async fn log(i: &Installation) -> Vec<String> {
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

/// Somebody with a file, a conversation about it, and an answer.
async fn with_a_chat<'a>(site: &'a Site, email: &str) -> (Person<'a>, String, String) {
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
    until(&mut frames, "response.completed").await;
    (person, conversation, file)
}

#[tokio::test(flavor = "multi_thread")]
async fn a_backup_made_under_load_becomes_the_same_installation_elsewhere() {
    let (site, server) = Site::of_one_server(installation, String::new()).await;
    let (bob, conversation, file) = with_a_chat(&site, "bob@example.org").await;
    let messages = format!("conversations/{conversation}/messages");
    let said = bob.get(0, &messages).await.body["items"].clone();
    let content = format!("files/{file}/content");
    let bytes = bob.bytes(0, &content).await;

    // Under load: the log up to one position, byte for byte.
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
    let making = async {
        let made = back_up(&site.installation).await;
        enough.store(true, Ordering::Relaxed);
        made
    };
    let (written, (archive, made)) = tokio::join!(writing, making);
    assert!(written > 0);
    let position = usize::try_from(made["position"].as_i64().unwrap()).unwrap();
    let busy = elsewhere(&site.installation).await;
    ok(&restore(&busy, &archive, &[]).await);
    let whole = log(&site.installation).await;
    assert_eq!(log(&busy).await, whole[..position]);
    ok(&run(&busy, &["events", "verify"]).await);

    // At rest: every read model, every byte of files, every account; but no session.
    let (archive, _) = back_up(&site.installation).await;
    let live = digests(&site.installation).await;
    let old_session = bob.refresh.clone();
    drop(tokio::task::spawn_blocking(move || server.stop()).await);
    let copy = elsewhere(&site.installation).await;
    ok(&restore(&copy, &archive, &[]).await);
    assert_eq!(digests(&copy).await, live);
    let (there, server) = serve(copy).await;
    let refresh = json!({"refresh_token": old_session});
    let refused = post(&there, "auth/refresh", refresh).await;
    assert_eq!(refused.status, 401, "{refused:?}");
    let bob = there.log_in("bob@example.org").await;
    assert_eq!(bob.get(0, &messages).await.body["items"], said);
    assert_eq!(bob.bytes(0, &content).await, bytes);
    // It goes on: a running server is not replaced.
    let refused = restore(&there.installation, &archive, &["--replace"]).await;
    assert_eq!(refused.status.code(), Some(5), "{}", talk(&refused));
    let next = bob.post(0, &messages, json!({"content": "And now?"})).await;
    assert_eq!(next.status, 201);
    drop(tokio::task::spawn_blocking(move || server.stop()).await);
}

#[tokio::test(flavor = "multi_thread")]
async fn what_was_erased_after_the_backup_stays_erased() {
    let (site, server) = Site::of_one_server(installation, String::new()).await;
    let (_, kept, _) = with_a_chat(&site, "bob@example.org").await;
    let (eve, gone, file) = with_a_chat(&site, "eve@example.org").await;
    let ada = site.log_in("ada@example.org").await;
    let group = ada.post(0, "groups", json!({"name": "Keepers"})).await;
    let group = group.text("/id");
    let (archive, _) = back_up(&site.installation).await;
    let path = format!("groups/{group}");
    let deleted = ada.send(0, Method::DELETE, &path, Value::Null).await;
    assert_eq!(deleted.status, 204);
    let path = format!("users/{}", eve.id);
    let erased = ada.send(0, Method::DELETE, &path, Value::Null).await;
    ada.until(0, &format!("jobs/{}", erased.text("/id")), |job| {
        job["status"] == "completed"
    })
    .await;
    drop(tokio::task::spawn_blocking(move || server.stop()).await);

    // In the place of the log that knows of it.
    let refused = restore(&site.installation, &archive, &[]).await;
    assert_eq!(refused.status.code(), Some(5), "{}", talk(&refused));
    ok(&restore(&site.installation, &archive, &["--replace"]).await);
    ok(&run(&site.installation, &["events", "verify"]).await);
    let told = log(&site.installation).await;
    let event = |name: &str, id: &str| {
        told.iter()
            .any(|line| line.contains(&format!("\"event_type\":\"{name}\"")) && line.contains(id))
    };
    assert!(event("user_erased", &eve.id));
    assert!(event("conversation_erased", &gone));
    assert!(!event("conversation_erased", &kept));
    assert!(event("file_deleted", &file));
    assert!(event("group_deleted", &group));
    let stored = site.installation.data_dir().join("files").join(&file[34..]);
    assert!(!stored.join(&file).exists());
    let Site { installation, .. } = site;
    let (there, server) = serve(installation).await;
    let credentials = json!({"email": "eve@example.org", "password": "correct horse"});
    let refused = post(&there, "auth/login", credentials).await;
    assert_eq!(refused.status, 401);
    let bob = there.log_in("bob@example.org").await;
    let answer = bob.get(0, &format!("conversations/{kept}/messages")).await;
    assert!(answer.body.to_string().contains("forty euros"));
    drop(tokio::task::spawn_blocking(move || server.stop()).await);
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_no_whole_backup_is_refused_and_nothing_changes() {
    let here = used().await;
    let (archive, made) = back_up(&here).await;
    let verified = told(&here, &["database", "verify", archive.to_str().unwrap()]).await;
    assert_eq!(verified["hash"], made["hash"]);
    let before = log(&here).await;
    let whole = fs::read(&archive).unwrap();
    for (bytes, why) in [
        (whole[..whole.len() - 1].to_vec(), "damaged"),
        (whole[..whole.len() / 2].to_vec(), "damaged"),
        (flipped(&whole, whole.len() / 2), "damaged"),
        (b"PK\x03\x04".to_vec(), "not a ConvoSphere backup"),
    ] {
        fs::write(&archive, bytes).unwrap();
        let refused = restore(&here, &archive, &["--replace"]).await;
        assert!(!refused.status.success());
        assert!(talk(&refused).contains(why), "{}", talk(&refused));
    }
    fs::write(&archive, &whole).unwrap();
    assert_eq!(log(&here).await, before);

    // Under another master key, or none.
    let other = used().await;
    let refused = restore(&other, &archive, &["--replace"]).await;
    assert!(talk(&refused).contains("master key"), "{}", talk(&refused));
    assert_eq!(refused.status.code(), Some(2));
    let bare = bare().await;
    let refused = restore(&bare, &archive, &[]).await;
    assert!(talk(&refused).contains("is missing"), "{}", talk(&refused));
    let refused = run(&here, &["database", "verify", "/nowhere.backup"]).await;
    assert!(talk(&refused).contains("cannot read"), "{}", talk(&refused));
}

/// Killed while it writes the log, a restore has not been: nothing of it is there, and the next one succeeds.
#[tokio::test(flavor = "multi_thread")]
async fn a_restore_that_is_killed_leaves_what_was_there() {
    let (site, server) = Site::of_one_server(installation, String::new()).await;
    let ada = site.log_in("ada@example.org").await;
    let conversation = ada.post(0, "conversations", json!({})).await.text("/id");
    let path = format!("conversations/{conversation}/messages");
    for n in 0..100 {
        let content = format!("{n} {}", "kestrel ".repeat(100));
        let body = json!({"content": content, "respond": false});
        assert_eq!(ada.post(0, &path, body).await.status, 201);
    }
    let (archive, made) = back_up(&site.installation).await;
    drop(tokio::task::spawn_blocking(move || server.stop()).await);
    let there = elsewhere(&site.installation).await;
    ok(&run(&there, &["database", "migrate"]).await);
    let before = told(&there, &["database", "status"]).await;
    // Its last writing takes long: the log is written then, and nothing is committed.
    let place: PgConnectOptions = there.database_url().parse().unwrap();
    let database = place.get_database().unwrap();
    let inside = async |statement: &str| {
        let mut connection = place.connect().await.unwrap();
        sqlx::raw_sql(statement)
            .execute(&mut connection)
            .await
            .unwrap();
        connection.close().await.unwrap();
    };
    inside(
        "create function linger() returns trigger language plpgsql as
             $$ begin perform pg_sleep(600); return null; end $$;
         create trigger linger before insert on jobs for each statement execute function linger()",
    )
    .await;
    let arguments = ["database", "restore", "--replace", "--file"];
    let arguments = [&arguments[..], &[archive.to_str().unwrap()]].concat();
    let mut command = there.command(&arguments);
    let mut restoring = command.stderr(Stdio::null()).spawn().unwrap();
    // A restore wants nobody else in the database: it is looked at from another one.
    let mut outside = place.clone().database("postgres").connect().await.unwrap();
    let lingering: i32 = loop {
        let found = sqlx::query_scalar(
            "select pid from pg_stat_activity where datname = $1 and wait_event = 'PgSleep'",
        );
        let found = found.bind(database).fetch_optional(&mut outside).await;
        if let Some(pid) = found.unwrap() {
            break pid;
        }
        let ended = restoring.try_wait().unwrap();
        assert!(ended.is_none(), "it was never seen to write: {ended:?}");
    };
    restoring.kill().unwrap();
    restoring.wait().unwrap();
    // The database would sleep on.
    sqlx::query("select pg_terminate_backend($1, 10000)")
        .bind(lingering)
        .execute(&mut outside)
        .await
        .unwrap();
    assert_eq!(told(&there, &["database", "status"]).await, before);
    inside("drop function linger() cascade").await;
    ok(&restore(&there, &archive, &["--replace"]).await);
    let after = told(&there, &["database", "status"]).await;
    assert_eq!(after["log_id"], made["log_id"]);
    ok(&run(&there, &["events", "verify"]).await);
    let (there, here) = (log(&there).await, log(&site.installation).await);
    assert_eq!(there[..here.len()], here);
}

fn flipped(bytes: &[u8], at: usize) -> Vec<u8> {
    let mut bytes = bytes.to_vec();
    bytes[at] ^= 1;
    bytes
}

#[tokio::test(flavor = "multi_thread")]
async fn the_private_database_moves_to_an_external_one() {
    let private = Installation::private().with("CONVOSPHERE_RATE_LIMIT__ENABLED", "false");
    let private = tokio::task::spawn_blocking(move || {
        private.create_admin("correct horse");
        private
    })
    .await
    .unwrap();
    let (site, server) = serve(private).await;
    let (bob, conversation, _) = with_a_chat(&site, "bob@example.org").await;
    let session = bob.refresh.clone();
    let url = testing::database_url().await;
    let refused = run(&site.installation, &["database", "copy", "--to", &url]).await;
    assert_eq!(refused.status.code(), Some(5), "{}", talk(&refused));
    drop(tokio::task::spawn_blocking(move || server.stop()).await);

    let (log_here, digests_here) = (
        log(&site.installation).await,
        digests(&site.installation).await,
    );
    ok(&run(&site.installation, &["database", "copy", "--to", &url]).await);
    let again = run(&site.installation, &["database", "copy", "--to", &url]).await;
    assert_eq!(again.status.code(), Some(5), "{}", talk(&again));
    let Site { installation, .. } = site;
    let moved = installation.with("DATABASE_URL", &url);
    assert_eq!(log(&moved).await, log_here);
    assert_eq!(digests(&moved).await, digests_here);
    ok(&run(&moved, &["events", "verify"]).await);
    let (there, server) = serve(moved).await;
    // Nobody is signed out.
    let refresh = json!({"refresh_token": session});
    let answer = post(&there, "auth/refresh", refresh).await;
    let bob = there.person(&answer);
    let path = format!("conversations/{conversation}/messages");
    let answer = bob.get(0, &path).await;
    assert!(
        answer.body.to_string().contains("forty euros"),
        "{answer:?}"
    );
    drop(tokio::task::spawn_blocking(move || server.stop()).await);
}

#[tokio::test(flavor = "multi_thread")]
async fn backups_come_by_themselves_with_the_tombstones_beside_them() {
    let due = || installation().with("CONVOSPHERE_BACKUP__EVERY_HOURS", "1");
    let (site, server) = Site::of_one_server(due, String::new()).await;
    let folder = site.installation.data_dir().join("backups");
    let appears = async |end: &str| {
        let begun = Instant::now();
        loop {
            let entries = fs::read_dir(&folder).into_iter().flatten().flatten();
            let mut paths = entries.map(|entry| entry.path());
            if let Some(found) = paths.find(|path| path.extension().is_some_and(|e| e == end)) {
                return found;
            }
            assert!(begun.elapsed() < PATIENCE, "no .{end}");
            tokio::time::sleep(LOOK).await;
        }
    };
    let archive = appears("backup").await;
    let (eve, _, _) = with_a_chat(&site, "eve@example.org").await;
    let ada = site.log_in("ada@example.org").await;
    let path = format!("users/{}", eve.id);
    ada.send(0, Method::DELETE, &path, Value::Null).await;
    appears("tombstones").await;
    drop(tokio::task::spawn_blocking(move || server.stop()).await);
    // Both are whole.
    let copy = elsewhere(&site.installation).await;
    ok(&restore(&copy, &archive, &[]).await);
    let doctor = ok(&run(&site.installation, &["doctor"]).await);
    assert!(doctor.contains("backups       the last one in"), "{doctor}");
}
