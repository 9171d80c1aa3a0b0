//! Backups of a log that is written to, and what is made of them elsewhere.

use std::fs;
use std::path::{Path, PathBuf};
use std::time::Duration;

use domain::Subject;
use domain::user::{User, UserCommand};
use eventstore::anchors::Anchors;
use eventstore::backup::{self, BackupError, Folder, Kept, Plan, Taken, keep_tombstones};
use eventstore::executor::{Context, step};
use eventstore::files::Place;
use eventstore::{Execution, Files, MasterKey, verify};
use sqlx::PgPool;
use uuid::Uuid;

use crate::fixture::{Fixture, master};

/// Tables that are no read models, here: one with every kind of letter in it.
const TABLES: [&str; 1] = ["auth_passwords"];

struct Drill {
    log: Fixture,
    files: Files,
    disk: tempfile::TempDir,
}

impl Drill {
    async fn new() -> Self {
        let log = Fixture::new().await;
        let disk = tempfile::tempdir().unwrap();
        let files = files(&log, &disk.path().join("files"));
        Self { log, files, disk }
    }

    fn folder(&self) -> Folder {
        Folder {
            path: self.disk.path().join("backups"),
            kept: Kept {
                archives: 2,
                ring_days: 0,
            },
        }
    }

    async fn take(&self) -> Taken {
        let whole = (&self.log.pool, self.log.log, &self.files);
        backup::take(whole, &TABLES, &master(), &self.folder(), |_| ())
            .await
            .unwrap()
    }

    async fn erase(&self, user: Uuid) {
        let subject = Subject::new("user", user);
        let steps = vec![step::<User>(user, None, UserCommand::EraseUser {})];
        let execution = Execution::new(Context::system("test"), steps).destroying(&subject);
        self.log.executor.execute(execution).await.unwrap();
    }
}

fn files(log: &Fixture, folder: &Path) -> Files {
    let place = Place::Folder(folder.to_owned());
    Files::open(&place, log.pool.clone(), log.log, log.keys.clone()).unwrap()
}

/// Restores into a database of its own.
async fn restore(file: &Path) -> Result<PgPool, BackupError> {
    let plan = Plan::verify(file, None, &master(), |_| ()).await?;
    let pool = testing::database().await;
    let restored = plan.restore(&pool, None, &master(), &[]).await?;
    restored.transaction.commit().await?;
    Ok(pool)
}

fn names(folder: &Path, end: &str) -> Vec<PathBuf> {
    let entries = fs::read_dir(folder).unwrap().flatten();
    let paths = entries.map(|entry| entry.path());
    paths
        .filter(|path| path.extension().is_some_and(|found| found == end))
        .collect()
}

async fn password(pool: &PgPool, user: Uuid) -> Option<String> {
    sqlx::query_scalar("select hash from auth_passwords where user_id = $1")
        .bind(user)
        .fetch_optional(pool)
        .await
        .unwrap()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_backup_under_load_is_the_log_up_to_one_position() {
    let drill = Drill::new().await;
    let user = Uuid::now_v7();
    drill.log.register(user).await;
    let odd = "a\tb\\c\n\u{1f600}\\N";
    sqlx::query("insert into auth_passwords (user_id, hash) values ($1, $2)")
        .bind(user)
        .bind(odd)
        .execute(&drill.log.pool)
        .await
        .unwrap();
    let bytes = vec![7; 300_000];
    let file = Uuid::now_v7();
    let mut upload = drill.files.begin(file).await.unwrap();
    upload.write(&bytes).await.unwrap();
    upload.finish().await.unwrap();

    let writing = async {
        for _ in 0..400 {
            drill.log.register(Uuid::now_v7()).await;
        }
    };
    let (taken, ()) = tokio::join!(drill.take(), writing);
    let head = taken.archive.head.clone();
    assert_eq!(taken.contents.events, head.position);
    assert_eq!(taken.contents.files, 1);
    let (now, _) = drill.log.log.head(&drill.log.pool).await.unwrap();
    assert!(head.position < now, "{} of {now}", head.position);

    let elsewhere = tempfile::tempdir().unwrap();
    let plan = Plan::verify(&taken.archive.path, None, &master(), |_| ())
        .await
        .unwrap();
    let pool = testing::database().await;
    let place = Place::Folder(elsewhere.path().to_owned());
    let files = Files::open(&place, pool.clone(), drill.log.log, drill.log.keys.clone()).unwrap();
    let restored = plan.restore(&pool, Some(&files), &master(), &[]).await;
    restored.unwrap().transaction.commit().await.unwrap();

    let copy = Fixture::open(pool.clone()).await;
    let found = verify::verify(&pool, &copy.log, |_| ()).await.unwrap();
    assert_eq!((found.events, found.broken), (head.position, None));
    let original = eventstore::log::hash_at(&drill.log.pool, head.position).await;
    assert_eq!(Some(found.hash), original.unwrap());
    assert_eq!(password(&pool, user).await.as_deref(), Some(odd));
    let object = |folder: &Path| {
        let name = file.to_string();
        fs::read(folder.join(&name[34..]).join(&name)).unwrap()
    };
    let stored = object(&drill.disk.path().join("files"));
    assert_eq!(object(elsewhere.path()), stored);
    // It goes on from there, and every name opens.
    copy.rename(user, None).await.unwrap();
    assert_eq!(copy.log.head(&pool).await.unwrap().0, head.position + 1);
    let rows = eventstore::log::read(&pool, 0, 10_000).await.unwrap();
    eventstore::log::open(&copy.log, &copy.keys, rows)
        .await
        .unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_not_whole_is_refused_before_anything_is_touched() {
    let drill = Drill::new().await;
    for _ in 0..50 {
        drill.log.register(Uuid::now_v7()).await;
    }
    let mut upload = drill.files.begin(Uuid::now_v7()).await.unwrap();
    upload.write(&vec![3; 200_000]).await.unwrap();
    upload.finish().await.unwrap();
    let path = drill.take().await.archive.path;
    let whole = fs::read(&path).unwrap();
    let refused = async |bytes: &[u8]| {
        fs::write(&path, bytes).unwrap();
        let plan = Plan::verify(&path, None, &master(), |_| ()).await;
        plan.err().map(|error| error.to_string())
    };
    let mut random = fastrand::Rng::with_seed(4);
    for _ in 0..60 {
        let mut flipped = whole.clone();
        let at = random.usize(..whole.len());
        flipped[at] ^= 1 << random.u8(..8);
        assert!(refused(&flipped).await.is_some(), "byte {at}");
        let cut = random.usize(..whole.len());
        assert!(refused(&whole[..cut]).await.is_some(), "cut at {cut}");
    }
    let line = whole.iter().position(|byte| *byte == b'\n').unwrap();
    let text = String::from_utf8_lossy(&whole[..line]).into_owned();
    let newer = text.replace("\"convosphere_backup\":1", "\"convosphere_backup\":2");
    let newer = [newer.as_bytes(), &whole[line..]].concat();
    assert!(refused(&newer).await.unwrap().contains("form 2"));
    let more = [whole.as_slice(), b"more"].concat();
    assert!(refused(&more).await.unwrap().contains("damaged"));
    assert!(refused(b"hello\n").await.unwrap().contains("no backup"));

    fs::write(&path, &whole).unwrap();
    let other = MasterKey::generate().unwrap();
    let plan = Plan::verify(&path, None, &other, |_| ()).await;
    assert!(matches!(plan, Err(BackupError::OtherMasterKey { .. })));
    let rings = names(&drill.folder().path, "keys");
    let swapped = Plan::verify(&rings[0], None, &master(), |_| ()).await;
    assert!(swapped.unwrap_err().to_string().contains("another kind"));
    fs::remove_file(&rings[0]).unwrap();
    let plan = Plan::verify(&path, None, &master(), |_| ()).await;
    assert!(plan.unwrap_err().to_string().contains("--keys"));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_restore_that_is_broken_off_leaves_what_was_there() {
    let drill = Drill::new().await;
    drill.log.register(Uuid::now_v7()).await;
    let taken = drill.take().await;
    let later = Uuid::now_v7();
    drill.log.register(later).await;
    let before = drill.log.log.head(&drill.log.pool).await.unwrap();
    let plan = Plan::verify(&taken.archive.path, None, &master(), |_| ())
        .await
        .unwrap();
    let pool = &drill.log.pool;
    let restored = plan.restore(pool, Some(&drill.files), &master(), &[]).await;
    drop(restored.unwrap());
    assert_eq!(drill.log.log.head(pool).await.unwrap(), before);
    drill.log.rename(later, None).await.unwrap();
    // And events still can be neither changed nor removed.
    let plan = Plan::verify(&taken.archive.path, None, &master(), |_| ())
        .await
        .unwrap();
    let restored = plan.restore(pool, Some(&drill.files), &master(), &[]).await;
    restored.unwrap().transaction.commit().await.unwrap();
    let position = taken.archive.head.position;
    assert_eq!(drill.log.log.head(pool).await.unwrap().0, position);
    assert!(
        sqlx::query("delete from events")
            .execute(pool)
            .await
            .is_err()
    );
    assert!(sqlx::query("truncate events").execute(pool).await.is_err());
}

#[tokio::test(flavor = "multi_thread")]
async fn what_was_erased_since_stays_erased() {
    let drill = Drill::new().await;
    let (gone, there) = (Uuid::now_v7(), Uuid::now_v7());
    drill.log.register(gone).await;
    drill.log.register(there).await;
    let old = drill.take().await;
    drill.erase(gone).await;
    let destroyed = async |pool: &PgPool| eventstore::erasure::destroyed(pool).await.unwrap();
    let subject = vec![format!("user:{gone}")];

    // The tombstones beside the backups are enough.
    keep_tombstones(&drill.log.pool, drill.log.log, &master(), &drill.folder())
        .await
        .unwrap();
    let pool = restore(&old.archive.path).await.unwrap();
    assert_eq!(destroyed(&pool).await, subject);
    let tombstones = names(&drill.folder().path, "tombstones");
    fs::remove_file(&tombstones[0]).unwrap();
    let pool = restore(&old.archive.path).await.unwrap();
    assert_eq!(destroyed(&pool).await, [""; 0]);

    // A newer key ring is as well, and no older one is kept.
    drill.take().await;
    assert_eq!(names(&drill.folder().path, "keys").len(), 1);
    let pool = restore(&old.archive.path).await.unwrap();
    assert_eq!(destroyed(&pool).await, subject);

    // The log that is replaced knows, too.
    let ring = names(&drill.folder().path, "keys");
    let plan = Plan::verify(&old.archive.path, Some(&ring[0]), &master(), |_| ())
        .await
        .unwrap();
    drill.erase(there).await;
    let restored = plan.restore(&drill.log.pool, None, &master(), &[]).await;
    restored.unwrap().transaction.commit().await.unwrap();
    // As the command does: the log was put back on purpose.
    let anchors = Anchors::new(drill.log.pool.clone(), drill.log.log, &master(), None);
    anchors.restored().await.unwrap();
    assert_eq!(destroyed(&drill.log.pool).await.len(), 2);

    // Of archives, so many are kept as was asked for.
    tokio::time::timeout(Duration::from_mins(1), drill.take())
        .await
        .unwrap();
    assert_eq!(names(&drill.folder().path, "backup").len(), 2);
    assert!(!old.archive.path.exists());
}

#[tokio::test(flavor = "multi_thread")]
async fn a_copy_has_equal_positions_and_hashes() {
    let drill = Drill::new().await;
    for _ in 0..300 {
        drill.log.register(Uuid::now_v7()).await;
    }
    let target = testing::database().await;
    let (pool, log) = (&drill.log.pool, drill.log.log);
    let (transaction, told) = backup::copy_to((pool, log, &master()), &TABLES, &target)
        .await
        .unwrap();
    transaction.commit().await.unwrap();
    assert_eq!(told.events, 300);
    let copy = Fixture::open(target.clone()).await;
    let head = log.head(pool).await.unwrap();
    assert_eq!(copy.log.head(&target).await.unwrap(), head);
    let again = backup::copy_to((pool, log, &master()), &TABLES, &target).await;
    assert!(again.unwrap_err().to_string().contains("empty one"));
}

/// Another process has seen an end that was voided on purpose: the copy is told of that as well.
#[tokio::test(flavor = "multi_thread")]
async fn a_copy_keeps_what_was_anchored() {
    let drill = Drill::new().await;
    let (pool, log) = (&drill.log.pool, drill.log.log);
    for _ in 0..7 {
        drill.log.register(Uuid::now_v7()).await;
    }
    let file = drill.disk.path().join("anchors");
    let elsewhere = |pool: &PgPool| Anchors::new(pool.clone(), log, &master(), Some(file.clone()));
    elsewhere(pool).write().await.unwrap();
    sqlx::raw_sql(
        "alter table events disable trigger events_are_append_only;
         delete from events where position > 4;
         alter table events enable trigger events_are_append_only",
    )
    .execute(pool)
    .await
    .unwrap();
    let cut = elsewhere(pool).difference(None, vec![]).await.unwrap();
    assert_eq!(cut.unwrap().kind, "cut");
    let here = Anchors::new(pool.clone(), log, &master(), None);
    here.restored().await.unwrap();
    let target = testing::database().await;
    let copied = backup::copy_to((pool, log, &master()), &TABLES, &target).await;
    copied.unwrap().0.commit().await.unwrap();
    for pool in [pool, &target] {
        assert_eq!(
            elsewhere(pool).difference(None, vec![]).await.unwrap(),
            None
        );
    }
}

/// Whatever ends it, also a disk without space for the archive: the ring that was written before it goes as well.
#[tokio::test]
async fn a_backup_that_fails_leaves_no_key_ring() {
    let drill = Drill::new().await;
    drill.log.register(Uuid::now_v7()).await;
    let whole = (&drill.log.pool, drill.log.log, &drill.files);
    for _ in 0..2 {
        let (master, folder) = (master(), drill.folder());
        let failed = backup::take(whole, &["nowhere"], &master, &folder, |_| ());
        assert!(failed.await.is_err());
    }
    let left = fs::read_dir(drill.folder().path).unwrap().count();
    assert_eq!(left, 0);
}
