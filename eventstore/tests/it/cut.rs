//! Connections that are cut at the commit: what became of the batch is looked up, and every command has one effect.

use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicU8, Ordering};

use domain::user::{Role, User, UserCommand};
use eventstore::executor::{Context, Execution, step};
use eventstore::{Log, log, verify};
use sqlx::PgPool;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{UnixListener, UnixStream};
use uuid::Uuid;

use crate::fixture::{Fixture, LOG_ID, master};

const NOT: u8 = 0;
/// The database never hears of the next request.
const BEFORE: u8 = 1;
/// The database does what the next request asks, and nobody hears its answer.
const AFTER: u8 = 2;

/// A way to the database that can be cut.
struct Way {
    folder: tempfile::TempDir,
    cut: Arc<AtomicU8>,
}

impl Way {
    fn to(sockets: &Path) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let name = ".s.PGSQL.5432";
        let listener = UnixListener::bind(folder.path().join(name)).unwrap();
        let (server, cut) = (sockets.join(name), Arc::new(AtomicU8::new(NOT)));
        let way = Self {
            folder,
            cut: cut.clone(),
        };
        tokio::spawn(async move {
            while let Ok((client, _)) = listener.accept().await {
                let server = UnixStream::connect(&server).await.unwrap();
                // However it ends, both ends of the connection are closed by it.
                tokio::spawn(carry(client, server, cut.clone()));
            }
        });
        way
    }
}

async fn carry(
    mut client: UnixStream,
    mut server: UnixStream,
    cut: Arc<AtomicU8>,
) -> std::io::Result<()> {
    let (mut asked, mut answered) = (vec![0; 65_536], vec![0; 65_536]);
    loop {
        tokio::select! {
            taken = client.read(&mut asked) => {
                let taken = taken?;
                let cut = cut.swap(NOT, Ordering::SeqCst);
                if taken == 0 || cut == BEFORE {
                    return Ok(());
                }
                server.write_all(&asked[..taken]).await?;
                if cut == AFTER {
                    // The answer comes when all is done, and goes nowhere.
                    let _bytes = server.read(&mut answered).await?;
                    return Ok(());
                }
            }
            taken = server.read(&mut answered) => match taken? {
                0 => return Ok(()),
                taken => client.write_all(&answered[..taken]).await?,
            },
        }
    }
}

/// A log whose writer reaches the database on a way that can be cut.
async fn begin() -> (Fixture, Way) {
    let url = testing::database_url().await;
    let (start, sockets) = url.split_once("host=").unwrap();
    let way = Way::to(Path::new(sockets));
    let pool = PgPool::connect(&url).await.unwrap();
    let cut = format!("{start}host={}", way.folder.path().display());
    let cut = PgPool::connect(&cut).await.unwrap();
    Log::initialise(&pool, &master(), LOG_ID).await.unwrap();
    (Fixture::with_writer(pool, cut).await, way)
}

fn change_password(user_id: Uuid) -> Execution {
    let change = step::<User>(user_id, None, UserCommand::ChangePassword {});
    Execution::new(Context::system("test"), vec![change])
}

#[tokio::test(flavor = "multi_thread")]
async fn a_batch_whose_connection_is_cut_at_the_commit_is_stored_once() {
    let (fixture, way) = begin().await;
    let user_id = Uuid::now_v7();
    fixture.register(user_id).await;
    let mut acknowledged = vec![1];
    for cut in [AFTER, BEFORE, AFTER, AFTER, BEFORE, BEFORE] {
        // The statement is known on the connection from here on: the next thing that is sent is the batch itself.
        for cut in [NOT, cut] {
            way.cut.store(cut, Ordering::SeqCst);
            let committed = fixture.executor.execute(change_password(user_id)).await;
            let committed = committed.unwrap();
            acknowledged.push(committed.position);
        }
        assert_eq!(way.cut.load(Ordering::SeqCst), NOT, "it was cut");
    }
    let stored = log::read(&fixture.pool, 0, 100).await.unwrap();
    let stored: Vec<i64> = stored.iter().map(|event| event.position).collect();
    assert_eq!(stored, acknowledged);
    let verified = verify::verify(&fixture.pool, &fixture.log, |_| ());
    let verified = verified.await.unwrap();
    assert_eq!(verified.broken, None);
}

/// Nothing in the log tells whether a command that appends nothing was done: it is done again.
#[tokio::test(flavor = "multi_thread")]
async fn further_rows_of_a_command_without_events_are_not_lost_with_the_connection() {
    let (fixture, way) = begin().await;
    sqlx::query("create table further (id int primary key)")
        .execute(&fixture.pool)
        .await
        .unwrap();
    let user_id = Uuid::now_v7();
    fixture.register(user_id).await;
    let same = UserCommand::ChangeRole { role: Role::User };
    let nothing = step::<User>(user_id, None, same);
    let execution = Execution::new(Context::system("test"), vec![nothing]).also(|connection| {
        Box::pin(async move {
            sqlx::query("insert into further values (1) on conflict do nothing")
                .execute(connection)
                .await?;
            Ok(())
        })
    });
    way.cut.store(BEFORE, Ordering::SeqCst);
    fixture.executor.execute(execution).await.unwrap();
    let rows: i64 = sqlx::query_scalar("select count(*) from further")
        .fetch_one(&fixture.pool)
        .await
        .unwrap();
    assert_eq!(rows, 1);
}
