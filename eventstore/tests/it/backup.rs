//! Backups of a log under load, and restores of them.

use std::fs;
use std::path::{Path, PathBuf};
use std::time::Duration;

use chrono::{DateTime, TimeDelta};
use domain::Subject;
use domain::user::EraseUser;
use eventstore::anchors::Anchors;
use eventstore::backup::{
    self, BackupError, CreatedBackup, Folder, RestorePlan, Retention, write_tombstones,
};
use eventstore::command::{Context, step};
use eventstore::files::StoreLocation;
use eventstore::log::verify;
use eventstore::{Clock, Execution, Files, MasterKey};
use sqlx::PgPool;
use uuid::Uuid;

use crate::fixture::{Fixture, master};

/// The table used here as one that is not a read model; it has unusual characters.
const TABLES: [&str; 1] = ["auth_passwords"];

struct Drill {
    log: Fixture,
    files: Files,
    disk: tempfile::TempDir,
    clock: Clock,
}

impl Drill {
    async fn new() -> Self {
        let log = Fixture::new().await;
        let disk = tempfile::tempdir().unwrap();
        let files = files(&log, &disk.path().join("files"));
        let clock = Clock::fixed(DateTime::UNIX_EPOCH + TimeDelta::days(20_000));
        Self {
            log,
            files,
            disk,
            clock,
        }
    }

    fn folder(&self) -> Folder {
        Folder {
            path: self.disk.path().join("backups"),
            retention: Retention {
                archives: 2,
                ring_days: 0,
            },
        }
    }

    async fn take(&self) -> CreatedBackup {
        self.take_into(&self.folder()).await
    }

    /// Creates a backup; the next one is created a minute later.
    async fn take_into(&self, folder: &Folder) -> CreatedBackup {
        let whole = (&self.log.pool, self.log.log, &self.files);
        let created = backup::create(whole, &TABLES, &master(), folder, &self.clock, |_| ()).await;
        self.clock.advance(TimeDelta::minutes(1));
        created.unwrap()
    }

    async fn erase(&self, user: Uuid) {
        let subject = Subject::new("user", user);
        let steps = vec![step(user, None, EraseUser)];
        let execution =
            Execution::new(Context::system("test"), steps).with_key_destruction(&subject);
        self.log.executor.execute(execution).await.unwrap();
    }
}

fn files(log: &Fixture, folder: &Path) -> Files {
    let place = StoreLocation::Folder(folder.to_owned());
    Files::open(&place, log.pool.clone(), log.log, log.keys.clone()).unwrap()
}

/// Restores into a new database.
async fn restore(file: &Path) -> Result<PgPool, BackupError> {
    let plan = RestorePlan::verify(file, None, &master(), |_| ()).await?;
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
async fn a_backup_under_load_contains_the_log_up_to_one_position() {
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
    let mut upload = drill.files.begin_upload(file).await.unwrap();
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
    let plan = RestorePlan::verify(&taken.archive.path, None, &master(), |_| ())
        .await
        .unwrap();
    let pool = testing::database().await;
    let place = StoreLocation::Folder(elsewhere.path().to_owned());
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
    // The restored log accepts commands, and every name can be opened.
    copy.rename(user, None).await.unwrap();
    assert_eq!(copy.log.head(&pool).await.unwrap().0, head.position + 1);
    let rows = eventstore::log::read(&pool, 0, 10_000).await.unwrap();
    eventstore::log::open(&copy.log, &copy.keys, rows)
        .await
        .unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn a_damaged_backup_is_refused_before_anything_is_changed() {
    let drill = Drill::new().await;
    for _ in 0..50 {
        drill.log.register(Uuid::now_v7()).await;
    }
    let mut upload = drill.files.begin_upload(Uuid::now_v7()).await.unwrap();
    upload.write(&vec![3; 200_000]).await.unwrap();
    upload.finish().await.unwrap();
    let path = drill.take().await.archive.path;
    let whole = fs::read(&path).unwrap();
    let refused = async |bytes: &[u8]| {
        fs::write(&path, bytes).unwrap();
        let plan = RestorePlan::verify(&path, None, &master(), |_| ()).await;
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
    assert!(refused(&newer).await.unwrap().contains("format 2"));
    let more = [whole.as_slice(), b"more"].concat();
    assert!(refused(&more).await.unwrap().contains("damaged"));
    assert!(
        refused(b"hello\n")
            .await
            .unwrap()
            .contains("not a ConvoSphere backup")
    );

    fs::write(&path, &whole).unwrap();
    let other = MasterKey::generate().unwrap();
    let plan = RestorePlan::verify(&path, None, &other, |_| ()).await;
    assert!(matches!(plan, Err(BackupError::OtherMasterKey { .. })));
    let rings = names(&drill.folder().path, "keys");
    let swapped = RestorePlan::verify(&rings[0], None, &master(), |_| ()).await;
    assert!(swapped.unwrap_err().to_string().contains("another kind"));
    fs::remove_file(&rings[0]).unwrap();
    let plan = RestorePlan::verify(&path, None, &master(), |_| ()).await;
    assert!(plan.unwrap_err().to_string().contains("--keys"));
}

#[tokio::test(flavor = "multi_thread")]
async fn an_interrupted_restore_changes_nothing() {
    let drill = Drill::new().await;
    drill.log.register(Uuid::now_v7()).await;
    let taken = drill.take().await;
    let later = Uuid::now_v7();
    drill.log.register(later).await;
    let before = drill.log.log.head(&drill.log.pool).await.unwrap();
    let plan = RestorePlan::verify(&taken.archive.path, None, &master(), |_| ())
        .await
        .unwrap();
    let pool = &drill.log.pool;
    let restored = plan.restore(pool, Some(&drill.files), &master(), &[]).await;
    drop(restored.unwrap());
    assert_eq!(drill.log.log.head(pool).await.unwrap(), before);
    drill.log.rename(later, None).await.unwrap();
    // Events still can be neither changed nor deleted.
    let plan = RestorePlan::verify(&taken.archive.path, None, &master(), |_| ())
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
async fn data_erased_after_the_backup_stays_erased() {
    let drill = Drill::new().await;
    let (gone, there) = (Uuid::now_v7(), Uuid::now_v7());
    drill.log.register(gone).await;
    drill.log.register(there).await;
    let old = drill.take().await;
    drill.erase(gone).await;
    let destroyed = async |pool: &PgPool| {
        eventstore::seal::erasure::list_destroyed(pool)
            .await
            .unwrap()
    };
    let subject = vec![format!("user:{gone}")];

    // The tombstones in the folder of backups are sufficient.
    write_tombstones(
        &drill.log.pool,
        drill.log.log,
        &master(),
        &drill.folder(),
        &drill.clock,
    )
    .await
    .unwrap();
    let pool = restore(&old.archive.path).await.unwrap();
    assert_eq!(destroyed(&pool).await, subject);
    let tombstones = names(&drill.folder().path, "tombstones");
    fs::remove_file(&tombstones[0]).unwrap();
    let pool = restore(&old.archive.path).await.unwrap();
    assert_eq!(destroyed(&pool).await, [""; 0]);

    // A newer key ring is sufficient too, and older ones are removed.
    drill.take().await;
    assert_eq!(names(&drill.folder().path, "keys").len(), 1);
    let pool = restore(&old.archive.path).await.unwrap();
    assert_eq!(destroyed(&pool).await, subject);

    // The erasures of the replaced log are kept too.
    let ring = names(&drill.folder().path, "keys");
    let plan = RestorePlan::verify(&old.archive.path, Some(&ring[0]), &master(), |_| ())
        .await
        .unwrap();
    drill.erase(there).await;
    let restored = plan.restore(&drill.log.pool, None, &master(), &[]).await;
    restored.unwrap().transaction.commit().await.unwrap();
    // As the command does after a deliberate restore.
    let anchors = Anchors::new(
        drill.log.pool.clone(),
        drill.log.log,
        &master(),
        None,
        drill.clock.clone(),
    );
    anchors.record_restore().await.unwrap();
    assert_eq!(destroyed(&drill.log.pool).await.len(), 2);

    // The configured number of archives is kept.
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
    assert!(again.unwrap_err().to_string().contains("empty database"));
}

/// A copy includes the anchors of a deliberate restore.
#[tokio::test(flavor = "multi_thread")]
async fn a_copy_keeps_the_anchors() {
    let drill = Drill::new().await;
    let (pool, log) = (&drill.log.pool, drill.log.log);
    for _ in 0..7 {
        drill.log.register(Uuid::now_v7()).await;
    }
    let file = drill.disk.path().join("anchors");
    let elsewhere = |pool: &PgPool| {
        Anchors::new(
            pool.clone(),
            log,
            &master(),
            Some(file.clone()),
            drill.clock.clone(),
        )
    };
    elsewhere(pool).write().await.unwrap();
    sqlx::raw_sql(
        "alter table events disable trigger events_are_append_only;
         delete from events where position > 4;
         alter table events enable trigger events_are_append_only",
    )
    .execute(pool)
    .await
    .unwrap();
    let cut = elsewhere(pool).find_difference(vec![]).await.unwrap();
    assert_eq!(cut.unwrap().kind, "cut");
    let here = Anchors::new(pool.clone(), log, &master(), None, drill.clock.clone());
    here.record_restore().await.unwrap();
    let target = testing::database().await;
    let copied = backup::copy_to((pool, log, &master()), &TABLES, &target).await;
    copied.unwrap().0.commit().await.unwrap();
    for pool in [pool, &target] {
        assert_eq!(elsewhere(pool).find_difference(vec![]).await.unwrap(), None);
    }
}

#[tokio::test]
async fn a_key_ring_is_removed_on_the_day_after_its_retention() {
    let drill = Drill::new().await;
    drill.log.register(Uuid::now_v7()).await;
    let folder = Folder {
        retention: Retention {
            archives: 9,
            ring_days: 7,
        },
        ..drill.folder()
    };
    let mut rings = vec![];
    for days in [0, 3, 3] {
        drill.clock.advance(TimeDelta::days(days));
        drill.take_into(&folder).await;
        rings.push(names(&folder.path, "keys").len());
    }
    // The first ring is six days old. It stays until it is seven days old.
    drill
        .clock
        .advance(TimeDelta::days(1) - TimeDelta::minutes(3));
    drill.take_into(&folder).await;
    rings.push(names(&folder.path, "keys").len());
    drill.take_into(&folder).await;
    rings.push(names(&folder.path, "keys").len());
    assert_eq!(rings, [1, 2, 3, 4, 4]);
    assert_eq!(names(&folder.path, "backup").len(), 5);
}

/// On any failure, such as a full disk, the key ring written before is removed.
#[tokio::test]
async fn a_backup_that_fails_leaves_no_key_ring() {
    let drill = Drill::new().await;
    drill.log.register(Uuid::now_v7()).await;
    let whole = (&drill.log.pool, drill.log.log, &drill.files);
    for _ in 0..2 {
        let (master, folder) = (master(), drill.folder());
        let failed = backup::create(whole, &["nowhere"], &master, &folder, &drill.clock, |_| ());
        assert!(failed.await.is_err());
    }
    let left = fs::read_dir(drill.folder().path).unwrap().count();
    assert_eq!(left, 0);
}
